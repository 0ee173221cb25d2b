-- Rows had no other order of issue than that of their row ids.
CREATE TABLE `__new_tickets` (
	`issue_order` integer PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
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
INSERT INTO `__new_tickets`("issue_order", "hash", "app_id", "openid", "unionid", "sealed_key", "key_fingerprint", "expires_at", "tries", "used_at", "used_by", "used_proof") SELECT rowid, "hash", "app_id", "openid", "unionid", "sealed_key", "key_fingerprint", "expires_at", "tries", "used_at", "used_by", "used_proof" FROM `tickets`;--> statement-breakpoint
DROP TABLE `tickets`;--> statement-breakpoint
ALTER TABLE `__new_tickets` RENAME TO `tickets`;--> statement-breakpoint
CREATE UNIQUE INDEX `tickets_hash_unique` ON `tickets` (`hash`);--> statement-breakpoint
CREATE INDEX `tickets_expires_at` ON `tickets` (`expires_at`);--> statement-breakpoint
CREATE INDEX `tickets_identity` ON `tickets` (`app_id`,`openid`);--> statement-breakpoint
-- The number of these users moved to a new owner, and they have no account name: no sign-in takes the password any more.
UPDATE `users` SET `password_hash` = NULL
WHERE `account` IS NULL AND `phone_key` IS NULL AND `merged_into` IS NULL AND `role` = 'user';
