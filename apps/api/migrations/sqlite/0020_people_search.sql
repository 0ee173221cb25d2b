CREATE TABLE `nickname_fill` (
	`filled_until` text PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `nickname_suffixes` (
	`suffix` text NOT NULL,
	`user_id` text NOT NULL,
	PRIMARY KEY(`suffix`, `user_id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `person_notes` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`operator_id` text,
	`at` integer NOT NULL,
	`text` text NOT NULL,
	`merged_from` text,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`operator_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`merged_from`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `person_notes_user` ON `person_notes` (`user_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `person_notes_operator` ON `person_notes` (`operator_id`) WHERE operator_id is not null;--> statement-breakpoint
CREATE INDEX `person_notes_merged_from` ON `person_notes` (`merged_from`) WHERE merged_from is not null;--> statement-breakpoint
DROP INDEX `users_nickname`;--> statement-breakpoint
CREATE INDEX `users_phone_end` ON `users` (substr(phone, -4),`created_at`,`id`) WHERE phone is not null;--> statement-breakpoint
-- A nickname has up to 32 characters. Each statement that writes a nickname keeps its ends, and the service fills in those of
-- the users that are here already, a few at a time.
CREATE TRIGGER `users_nickname_insert` AFTER INSERT ON `users` WHEN NEW.`nickname` IS NOT NULL BEGIN
	INSERT OR IGNORE INTO `nickname_suffixes` SELECT lower(substr(NEW.`nickname`, value)), NEW.`id`
		FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32]') WHERE value <= length(NEW.`nickname`);
END;
--> statement-breakpoint
CREATE TRIGGER `users_nickname_update` AFTER UPDATE OF `nickname` ON `users` WHEN OLD.`nickname` IS NOT NEW.`nickname` BEGIN
	DELETE FROM `nickname_suffixes` WHERE `user_id` = OLD.`id` AND `suffix` IN (
		SELECT lower(substr(OLD.`nickname`, value)) FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32]') WHERE value <= length(OLD.`nickname`));
	INSERT OR IGNORE INTO `nickname_suffixes` SELECT lower(substr(NEW.`nickname`, value)), NEW.`id`
		FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32]') WHERE value <= length(NEW.`nickname`);
END;
--> statement-breakpoint
CREATE TRIGGER `users_nickname_delete` AFTER DELETE ON `users` WHEN OLD.`nickname` IS NOT NULL BEGIN
	DELETE FROM `nickname_suffixes` WHERE `user_id` = OLD.`id` AND `suffix` IN (
		SELECT lower(substr(OLD.`nickname`, value)) FROM json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32]') WHERE value <= length(OLD.`nickname`));
END;
--> statement-breakpoint
INSERT INTO `nickname_fill` SELECT '' WHERE EXISTS (SELECT 1 FROM `users`);
