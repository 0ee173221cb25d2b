<?php
// PHP 8 alone: MIANMI=https://id.example APP_ID=wx… MIANMI_KEY=mk_… php -S 127.0.0.1:4000 backend.php
declare(strict_types=1);

function ask(string $path, ?array $form = null): array
{
    $headers = ['Authorization: Bearer ' . getenv('MIANMI_KEY')];
    if ($form !== null) $headers[] = 'Content-Type: application/x-www-form-urlencoded';
    $http = ['header' => $headers, 'timeout' => 5, 'ignore_errors' => true];
    if ($form !== null) $http += ['method' => 'POST', 'content' => http_build_query($form)];
    $reply = file_get_contents(getenv('MIANMI') . '/v1' . $path, false, stream_context_create(['http' => $http]));
    if ($reply === false || !str_contains($http_response_header[0], ' 200 ')) throw new RuntimeException('mianmi refused');
    return json_decode($reply, true, 16, JSON_THROW_ON_ERROR);
}

/** The id of the user, or null. Asks mianmi, so an ended session is refused at once. */
function introspect(string $token): ?string
{
    $found = ask('/introspect', ['token' => $token]);
    return $found['active'] && $found['aud'] === getenv('APP_ID') ? $found['sub'] : null;
}

/** For WeChat Pay. */
function openidOf(string $user): ?string
{
    foreach (ask('/users/' . rawurlencode($user))['identities'] as $identity)
        if ($identity['appId'] === getenv('APP_ID')) return $identity['openid'];
    return null;
}

preg_match('/^Bearer (\S+)$/i', $_SERVER['HTTP_AUTHORIZATION'] ?? '', $match);
$user = introspect($match[1] ?? '-');
http_response_code($user === null ? 401 : 200);
header('Content-Type: application/json');
if ($user === null) echo '{}';
elseif ($_SERVER['REQUEST_URI'] === '/pay') echo json_encode(['openid' => openidOf($user)]);
else echo json_encode(['user' => $user]);
