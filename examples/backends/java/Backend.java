// The JDK alone (11 or later): MIANMI=https://id.example APP_ID=wx… MIANMI_KEY=mk_… java Backend.java
import com.sun.net.httpserver.*;
import java.net.*; import java.net.http.*;
import java.nio.charset.StandardCharsets;
import java.util.*; import java.util.regex.*;
class Backend {
    static final String ISSUER = System.getenv("MIANMI"), APP_ID = System.getenv("APP_ID"), KEY = System.getenv("MIANMI_KEY");
    static final HttpClient http = HttpClient.newHttpClient();
    static String ask(HttpRequest.Builder request) throws Exception {
        var reply = http.send(request.header("Authorization", "Bearer " + KEY).build(), HttpResponse.BodyHandlers.ofString());
        if (reply.statusCode() != 200) throw new IllegalStateException("mianmi answered " + reply.statusCode());
        return reply.body();
    }
    static String field(String json, String name) {
        var found = Pattern.compile("\"" + name + "\":\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(json);
        return found.find() ? found.group(1) : null; // a service with a JSON library uses that one
    }
    /** The id of the user, or null. Asks mianmi, so an ended session is refused at once. */
    static String introspect(String token) throws Exception {
        var body = HttpRequest.BodyPublishers.ofString("token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
        var json = ask(HttpRequest.newBuilder(URI.create(ISSUER + "/v1/introspect"))
            .header("Content-Type", "application/x-www-form-urlencoded").POST(body));
        return json.contains("\"active\":true") && APP_ID.equals(field(json, "aud")) ? field(json, "sub") : null;
    }
    static String openid(String user) throws Exception {
        var json = ask(HttpRequest.newBuilder(URI.create(ISSUER + "/v1/users/" + URLEncoder.encode(user, StandardCharsets.UTF_8))));
        return field(json.substring(Math.max(json.indexOf("\"appId\":\"" + APP_ID + "\""), 0)), "openid");
    }
    public static void main(String[] args) throws Exception {
        var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(System.getenv().getOrDefault("PORT", "4000"))), 0);
        server.createContext("/", exchange -> { try (exchange) {
            var header = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
            int status = 502; var body = "{}"; // mianmi was not reached, or refused the key
            try {
                var user = introspect(header.replaceFirst("^Bearer ", "") + (header.isEmpty() ? "-" : "")); status = user == null ? 401 : 200;
                if (user != null) body = exchange.getRequestURI().getPath().equals("/pay") ? "{\"openid\":\"" + openid(user) + "\"}" : "{\"user\":\"" + user + "\"}";
            } catch (Exception error) { status = 502; error.printStackTrace(); }
            exchange.sendResponseHeaders(status, 0); exchange.getResponseBody().write(body.getBytes());
        } });
        server.start(); } }
