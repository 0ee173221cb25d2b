CREATE TABLE `webhook_deliveries` (
	`seq` integer PRIMARY KEY NOT NULL,
	`event_id` text NOT NULL,
	`webhook_id` text NOT NULL,
	`type` text NOT NULL,
	`person_id` text NOT NULL,
	`user_id` text,
	`occurred_at` integer NOT NULL,
	`body` text NOT NULL,
	`due_at` integer NOT NULL,
	`pending_since` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`error` text,
	`lease` text,
	`lease_until` integer,
	`dead_at` integer
);
--> statement-breakpoint
CREATE INDEX `webhook_deliveries_due` ON `webhook_deliveries` (`webhook_id`,`due_at`) WHERE dead_at is null;--> statement-breakpoint
CREATE INDEX `webhook_deliveries_pending` ON `webhook_deliveries` (`webhook_id`,`pending_since`) WHERE dead_at is null;--> statement-breakpoint
CREATE INDEX `webhook_deliveries_person` ON `webhook_deliveries` (`person_id`,`webhook_id`,`seq`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_user` ON `webhook_deliveries` (`user_id`) WHERE user_id <> person_id;--> statement-breakpoint
CREATE INDEX `webhook_deliveries_dead` ON `webhook_deliveries` (`dead_at`,`seq`) WHERE dead_at is not null;--> statement-breakpoint
CREATE TABLE `webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`url` text NOT NULL,
	`events` text NOT NULL,
	`sealed_secret` text NOT NULL,
	`previous_secret` text,
	`previous_secret_until` integer,
	`created_at` integer NOT NULL,
	`created_by` text,
	`disabled_at` integer,
	`disabled_reason` text,
	FOREIGN KEY (`created_by`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `webhooks_created_by` ON `webhooks` (`created_by`) WHERE created_by is not null;