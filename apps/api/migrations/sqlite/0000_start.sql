CREATE TABLE `audit_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`action` text NOT NULL,
	`outcome` text NOT NULL,
	`user_id` text,
	`app_id` text,
	`address` text,
	`device` text
);
--> statement-breakpoint
CREATE INDEX `audit_events_user` ON `audit_events` (`user_id`,`at`);--> statement-breakpoint
CREATE INDEX `audit_events_at` ON `audit_events` (`at`);--> statement-breakpoint
CREATE TABLE `identities` (
	`app_id` text NOT NULL,
	`openid` text NOT NULL,
	`unionid` text,
	`user_id` text NOT NULL,
	`bound_at` integer NOT NULL,
	`sealed_key` text NOT NULL,
	`key_fingerprint` text NOT NULL,
	`previous_key` text,
	PRIMARY KEY(`app_id`, `openid`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `identities_user_app` ON `identities` (`user_id`,`app_id`);--> statement-breakpoint
CREATE INDEX `identities_unionid` ON `identities` (`unionid`);--> statement-breakpoint
CREATE TABLE `limits` (
	`key` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL,
	`ends_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `limits_ends_at` ON `limits` (`ends_at`);--> statement-breakpoint
CREATE TABLE `sessions` (
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
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_expires_at` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`kid` text PRIMARY KEY NOT NULL,
	`root_id` text NOT NULL,
	`sealed_private_jwk` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `signing_keys_root_id_unique` ON `signing_keys` (`root_id`);--> statement-breakpoint
CREATE TABLE `tickets` (
	`hash` text PRIMARY KEY NOT NULL,
	`app_id` text NOT NULL,
	`openid` text NOT NULL,
	`unionid` text,
	`sealed_key` text NOT NULL,
	`key_fingerprint` text NOT NULL,
	`expires_at` integer NOT NULL,
	`tries` integer DEFAULT 0 NOT NULL,
	`used_at` integer,
	`used_by` text,
	`used_proof` text
);
--> statement-breakpoint
CREATE INDEX `tickets_expires_at` ON `tickets` (`expires_at`);--> statement-breakpoint
CREATE TABLE `unionid_conflicts` (
	`unionid` text NOT NULL,
	`first_user_id` text NOT NULL,
	`second_user_id` text NOT NULL,
	`detected_at` integer NOT NULL,
	PRIMARY KEY(`unionid`, `first_user_id`, `second_user_id`),
	FOREIGN KEY (`first_user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`second_user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `unionid_conflicts_second` ON `unionid_conflicts` (`second_user_id`);--> statement-breakpoint
CREATE TABLE `users` (
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
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_account_key_unique` ON `users` (`account_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `users_phone_key_unique` ON `users` (`phone_key`);