CREATE TABLE `daily_counts` (
	`day` integer NOT NULL,
	`action` text NOT NULL,
	`outcome` text NOT NULL,
	`app_id` text NOT NULL,
	`count` integer NOT NULL,
	`last_at` integer NOT NULL,
	PRIMARY KEY(`day`, `action`, `outcome`, `app_id`)
);
--> statement-breakpoint
CREATE TABLE `operator_factors` (
	`user_id` text PRIMARY KEY NOT NULL,
	`sealed_secret` text NOT NULL,
	`last_step` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `operator_sessions` (
	`hash` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`stage` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`password_mark` text NOT NULL,
	`pending_secret` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `operator_sessions_user` ON `operator_sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `operator_sessions_expires_at` ON `operator_sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`user_id` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`user_id`, `hash`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `wechat_counts` (
	`day` integer NOT NULL,
	`app_id` text NOT NULL,
	`api` text NOT NULL,
	`errcode` text NOT NULL,
	`count` integer NOT NULL,
	`sum_ms` integer NOT NULL,
	`max_ms` integer NOT NULL,
	PRIMARY KEY(`day`, `app_id`, `api`, `errcode`)
);
--> statement-breakpoint
ALTER TABLE `audit_events` ADD `operator_id` text;--> statement-breakpoint
CREATE INDEX `audit_events_operator` ON `audit_events` (`operator_id`,`at`) WHERE operator_id is not null;