ALTER TABLE `identities` ADD `last_seen_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
-- A session ends in many statements, and each of them keeps when it was last seen.
CREATE TRIGGER `sessions_last_seen` AFTER DELETE ON `sessions` BEGIN
	UPDATE `identities` SET `last_seen_at` = OLD.`last_seen_at`
	WHERE `user_id` = OLD.`user_id` AND `app_id` = OLD.`app_id` AND `last_seen_at` < OLD.`last_seen_at`;
END;
