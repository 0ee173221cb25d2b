CREATE TABLE `unbindings` (
	`app_id` text NOT NULL,
	`openid` text NOT NULL,
	`unionid` text,
	`user_id` text NOT NULL,
	`unbound_at` integer NOT NULL,
	PRIMARY KEY(`app_id`, `openid`, `user_id`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `unbindings_user` ON `unbindings` (`user_id`);--> statement-breakpoint
CREATE INDEX `unbindings_unionid` ON `unbindings` (`unionid`) WHERE unionid is not null;--> statement-breakpoint
ALTER TABLE `identities` ADD `bound_by` text DEFAULT 'unknown' NOT NULL;--> statement-breakpoint
ALTER TABLE `identities` ADD `device` text;--> statement-breakpoint
ALTER TABLE `users` ADD `phone_proven_at` integer;--> statement-breakpoint
-- Earlier versions did not keep the time. The creation of the user is the earliest that it can have been.
UPDATE `users` SET `phone_proven_at` = `created_at` WHERE `phone_key` IS NOT NULL;
