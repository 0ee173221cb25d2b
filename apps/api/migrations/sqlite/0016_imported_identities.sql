-- An imported identity has no session key until it signs in. SQLite cannot drop a NOT NULL, so the table is made again.
-- A trigger that names a table which is gone would fail the renaming.
DROP TRIGGER `sessions_last_seen`;--> statement-breakpoint
CREATE TABLE `__new_identities` (
	`app_id` text NOT NULL,
	`openid` text NOT NULL,
	`unionid` text,
	`user_id` text NOT NULL,
	`bound_at` integer NOT NULL,
	`bound_by` text DEFAULT 'unknown' NOT NULL,
	`device` text,
	`last_seen_at` integer DEFAULT 0 NOT NULL,
	`sealed_key` text,
	`key_fingerprint` text,
	`previous_key` text,
	`previous_unionid` text,
	PRIMARY KEY(`app_id`, `openid`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
INSERT INTO `__new_identities`("app_id", "openid", "unionid", "user_id", "bound_at", "bound_by", "device", "last_seen_at", "sealed_key", "key_fingerprint", "previous_key", "previous_unionid") SELECT "app_id", "openid", "unionid", "user_id", "bound_at", "bound_by", "device", "last_seen_at", "sealed_key", "key_fingerprint", "previous_key", "previous_unionid" FROM `identities`;--> statement-breakpoint
DROP TABLE `identities`;--> statement-breakpoint
ALTER TABLE `__new_identities` RENAME TO `identities`;--> statement-breakpoint
CREATE UNIQUE INDEX `identities_user_app` ON `identities` (`user_id`,`app_id`);--> statement-breakpoint
CREATE INDEX `identities_unionid` ON `identities` (`unionid`);--> statement-breakpoint
CREATE INDEX `identities_app` ON `identities` (`app_id`,`bound_at`,`user_id`);--> statement-breakpoint
CREATE TRIGGER `sessions_last_seen` AFTER DELETE ON `sessions` BEGIN
	UPDATE `identities` SET `last_seen_at` = OLD.`last_seen_at`
	WHERE `user_id` = OLD.`user_id` AND `app_id` = OLD.`app_id` AND `last_seen_at` < OLD.`last_seen_at`;
END;
