CREATE TABLE `audit_chain` (
	`id` integer PRIMARY KEY NOT NULL,
	`sealed_key` text NOT NULL,
	`unchained_until` integer NOT NULL,
	`anchor_id` integer NOT NULL,
	`anchor_state` blob NOT NULL,
	`anchor_seal` blob NOT NULL,
	`head_id` integer NOT NULL,
	`head_state` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_inbox` (
	`id` integer PRIMARY KEY NOT NULL,
	`event` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_subjects` (
	`user_id` text PRIMARY KEY NOT NULL,
	`pseudonym` text NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_subjects_pseudonym_unique` ON `audit_subjects` (`pseudonym`);--> statement-breakpoint
-- Every id that the log has gets a pseudonym. Those of users who are gone are used for the lines alone.
INSERT INTO `audit_subjects` (`user_id`, `pseudonym`)
SELECT `id`, 'p-' || lower(hex(randomblob(16))) FROM (
	SELECT `user_id` AS `id` FROM `audit_events` WHERE `user_id` IS NOT NULL
	UNION SELECT `operator_id` FROM `audit_events` WHERE `operator_id` IS NOT NULL
) ORDER BY `id`;
--> statement-breakpoint
CREATE TABLE `__new_audit_events` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`action` text NOT NULL,
	`outcome` text NOT NULL,
	`user_id` text,
	`operator_id` text,
	`app_id` text,
	`address` text,
	`device` text,
	`is_read` integer DEFAULT 0 NOT NULL,
	`count` integer DEFAULT 1 NOT NULL,
	`mac` blob
);
--> statement-breakpoint
INSERT INTO `__new_audit_events` (`id`, `at`, `action`, `outcome`, `user_id`, `operator_id`, `app_id`, `address`, `device`, `is_read`)
SELECT `line`.`id`, `at`, `action`, `outcome`, `about`.`pseudonym`, `acted`.`pseudonym`, `app_id`, `address`, `device`,
	`action` IN ('open_data', 'admin.operator.current', 'admin.overview', 'admin.people.list', 'admin.people.view',
		'admin.people.revealPhone', 'admin.administrators.list', 'admin.conflicts.list', 'admin.conflicts.preview', 'admin.conflicts.merges',
		'admin.audit.list', 'admin.audit.count', 'admin.apps.list', 'admin.apps.test', 'admin.settings')
FROM `audit_events` AS `line`
LEFT JOIN `audit_subjects` AS `about` ON `about`.`user_id` = `line`.`user_id`
LEFT JOIN `audit_subjects` AS `acted` ON `acted`.`user_id` = `line`.`operator_id`
ORDER BY `line`.`id`;
--> statement-breakpoint
DROP TABLE `audit_events`;--> statement-breakpoint
ALTER TABLE `__new_audit_events` RENAME TO `audit_events`;--> statement-breakpoint
CREATE INDEX `audit_events_user` ON `audit_events` (`user_id`,`is_read`,`at`);--> statement-breakpoint
CREATE INDEX `audit_events_at` ON `audit_events` (`is_read`,`at`);--> statement-breakpoint
CREATE INDEX `audit_events_operator` ON `audit_events` (`operator_id`,`is_read`,`at`) WHERE operator_id is not null;--> statement-breakpoint
CREATE INDEX `audit_events_action` ON `audit_events` (`action`,`at`) WHERE action <> 'sign_in';--> statement-breakpoint
CREATE INDEX `audit_events_outcome` ON `audit_events` (`outcome`,`is_read`,`at`) WHERE outcome <> 'ok';--> statement-breakpoint
DELETE FROM `audit_subjects` WHERE `user_id` NOT IN (SELECT `id` FROM `users`);
