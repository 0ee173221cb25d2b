-- A users table as many backends have it: bcrypt hashes by PHP, openids, times of China.
-- The openids are those that the sandbox WeChat gives ming, hong and bo. Passwords: ming-password, lan-password, hong-password.
CREATE TABLE users (
  id BIGINT PRIMARY KEY AUTO_INCREMENT,
  username VARCHAR(64) UNIQUE,
  password VARCHAR(255),
  mobile VARCHAR(20) UNIQUE,
  mobile_verified_at DATETIME,
  nickname VARCHAR(64),
  openid VARCHAR(64),
  unionid VARCHAR(64),
  status TINYINT NOT NULL DEFAULT 1,
  created_at DATETIME NOT NULL,
  updated_at DATETIME NOT NULL
) CHARACTER SET utf8mb4;

INSERT INTO users (id, username, password, mobile, mobile_verified_at, nickname, openid, unionid, status, created_at, updated_at) VALUES
  (1, 'ming', '$2y$10$LH174mk6Sb6BtOh4ft0RGOC2FSQGi4pjR2pymsHrgW3mTDNd08nre', '13800001111', '2026-10-08 09:30:00', '小明', 'o46b6ZwrajCMPxm4UNE6lR2j3brd', 'oK1FyHq3LSv66Ndeojr_Vfgghpzy', 1, '2021-03-04 05:06:07', '2026-10-08 09:30:00'),
  (2, NULL, NULL, NULL, NULL, '红 "hong" \\ 😀', 'o-dTi0U5GDV5c10oiX-A8aO_yXfZ', NULL, 1, '2022-05-06 23:59:59', '2022-05-06 23:59:59'),
  (3, 'lan', '$2y$10$9KUp65rj41lyDdhrvvih1eibL1kd01/eorWIMfUillGuJ0ojFiFI.', '+86 139-0000-2222', NULL, '兰', NULL, NULL, 1, '2020-01-01 00:00:00', '2020-01-01 00:00:00'),
  (4, 'bo', '$2y$10$OUbtujIcQ7bfMcEmVry3O.sba6pdGzmBPaj./aWMXCmT/sYyZHr/C', NULL, NULL, NULL, 'oMgU1AQLtrY_1YdCLwvMCGAen0zM', NULL, 0, '2023-07-08 12:00:00', '2026-11-01 08:00:00'),
  -- The same WeChat as user 2, registered a second time. A nickname with a line break is refused.
  (5, '小红2024', '$2y$10$cFrf.jNci.c9/.S16iHl5u2KtUua1OhkXdkkS7BRRQLmjuyolIso.', '13700003333', '2024-02-03 04:05:06', '小\n红', 'o-dTi0U5GDV5c10oiX-A8aO_yXfZ', NULL, 1, '2024-02-03 04:05:06', '2024-02-03 04:05:06'),
  -- A password that another login method has left: no hash. A user name that is a number, and empty texts instead of NULL.
  (6, '13600004444', '*', '', '2019-09-09 09:09:09', '', '', '', 1, '2019-09-09 09:09:09', '2019-09-09 09:09:09');
