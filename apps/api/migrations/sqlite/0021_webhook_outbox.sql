CREATE TABLE `webhook_outbox` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`events` text NOT NULL,
	`users` text
);
--> statement-breakpoint
ALTER TABLE `webhooks` ADD `enabled_at` integer;