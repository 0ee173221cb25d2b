CREATE TABLE `merges` (
	`id` text PRIMARY KEY NOT NULL,
	`kept_user_id` text NOT NULL,
	`gone_user_id` text NOT NULL,
	`kept_name` text,
	`gone_name` text,
	`operator_id` text NOT NULL,
	`merged_at` integer NOT NULL,
	`undo_until` integer NOT NULL,
	`undone_at` integer,
	`moved` text NOT NULL,
	FOREIGN KEY (`kept_user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`gone_user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `merges_kept` ON `merges` (`kept_user_id`);--> statement-breakpoint
CREATE INDEX `merges_gone` ON `merges` (`gone_user_id`);--> statement-breakpoint
CREATE INDEX `merges_merged_at` ON `merges` (`merged_at`);--> statement-breakpoint
ALTER TABLE `users` ADD `merged_into` text REFERENCES users(id) ON DELETE cascade;--> statement-breakpoint
ALTER TABLE `users` ADD `merged_until` integer;--> statement-breakpoint
CREATE INDEX `users_created` ON `users` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `users_disabled` ON `users` (`created_at`,`id`) WHERE disabled_at is not null;--> statement-breakpoint
CREATE INDEX `users_admins` ON `users` (`created_at`,`id`) WHERE role = 'admin';--> statement-breakpoint
CREATE INDEX `users_nickname` ON `users` (nickname collate nocase,`id`) WHERE nickname is not null;--> statement-breakpoint
CREATE INDEX `users_merged_into` ON `users` (`merged_into`) WHERE merged_into is not null;--> statement-breakpoint
CREATE INDEX `users_merged_until` ON `users` (`merged_until`) WHERE merged_until is not null;--> statement-breakpoint
CREATE INDEX `audit_events_action` ON `audit_events` (`action`,`at`) WHERE action <> 'sign_in';--> statement-breakpoint
CREATE INDEX `audit_events_outcome` ON `audit_events` (`outcome`,`at`) WHERE outcome <> 'ok';--> statement-breakpoint
CREATE INDEX `identities_app` ON `identities` (`app_id`,`bound_at`,`user_id`);--> statement-breakpoint
CREATE INDEX `unionid_conflicts_first` ON `unionid_conflicts` (`first_user_id`);--> statement-breakpoint
CREATE INDEX `unionid_conflicts_detected_at` ON `unionid_conflicts` (`detected_at`);