-- The tables that every call or every sign-in reads by their text key are kept in its order, without a
-- rowid between (https://sqlite.org/withoutrowid.html): one descent for each row instead of two.
-- Drizzle cannot say so: whatever it generates for one of these tables must be given WITHOUT ROWID by hand.
CREATE TABLE `__new_users` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text,
	`account_key` text,
	`password_hash` text,
	`phone` text,
	`phone_key` text,
	`sealed_phone` text,
	`nickname` text,
	`avatar_url` text,
	`role` text DEFAULT 'user' NOT NULL,
	`disabled_at` integer,
	`created_at` integer NOT NULL,
	`merged_into` text REFERENCES users(id) ON DELETE cascade,
	`merged_until` integer
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_users` (`id`, `account`, `account_key`, `password_hash`, `phone`, `phone_key`, `sealed_phone`, `nickname`, `avatar_url`, `role`, `disabled_at`, `created_at`, `merged_into`, `merged_until`)
SELECT `id`, `account`, `account_key`, `password_hash`, `phone`, `phone_key`, `sealed_phone`, `nickname`, `avatar_url`, `role`, `disabled_at`, `created_at`, `merged_into`, `merged_until` FROM `users` ORDER BY `id`;
--> statement-breakpoint
DROP TABLE `users`;--> statement-breakpoint
ALTER TABLE `__new_users` RENAME TO `users`;--> statement-breakpoint
CREATE UNIQUE INDEX `users_account_key_unique` ON `users` (`account_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_phone_key_unique` ON `users` (`phone_key`);--> statement-breakpoint
CREATE INDEX `users_created` ON `users` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `users_disabled` ON `users` (`created_at`,`id`) WHERE disabled_at is not null;--> statement-breakpoint
CREATE INDEX `users_admins` ON `users` (`created_at`,`id`) WHERE role = 'admin';--> statement-breakpoint
CREATE INDEX `users_nickname` ON `users` (nickname collate nocase,`id`) WHERE nickname is not null;--> statement-breakpoint
CREATE INDEX `users_merged_into` ON `users` (`merged_into`) WHERE merged_into is not null;--> statement-breakpoint
CREATE INDEX `users_merged_until` ON `users` (`merged_until`) WHERE merged_until is not null;--> statement-breakpoint
CREATE TABLE `__new_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`app_id` text NOT NULL,
	`device` text,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`counter` integer DEFAULT 0 NOT NULL,
	`rotated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_sessions` (`id`, `user_id`, `app_id`, `device`, `created_at`, `last_seen_at`, `expires_at`, `counter`, `rotated_at`)
SELECT `id`, `user_id`, `app_id`, `device`, `created_at`, `last_seen_at`, `expires_at`, `counter`, `rotated_at` FROM `sessions` ORDER BY `id`;
--> statement-breakpoint
DROP TABLE `sessions`;--> statement-breakpoint
ALTER TABLE `__new_sessions` RENAME TO `sessions`;--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_expires_at` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `__new_limits` (
	`key` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL,
	`ends_at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_limits` (`key`, `count`, `ends_at`)
SELECT `key`, `count`, `ends_at` FROM `limits` ORDER BY `key`;
--> statement-breakpoint
DROP TABLE `limits`;--> statement-breakpoint
ALTER TABLE `__new_limits` RENAME TO `limits`;--> statement-breakpoint
CREATE INDEX `limits_ends_at` ON `limits` (`ends_at`);
