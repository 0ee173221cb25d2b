CREATE TABLE `retired_mac_keys` (
	`root_id` text NOT NULL,
	`purpose` text NOT NULL,
	`sealed_key` text NOT NULL,
	`retired_at` integer NOT NULL,
	PRIMARY KEY(`root_id`, `purpose`)
);
--> statement-breakpoint
CREATE TABLE `root_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`first_used_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `signing_keys` ADD `retired_at` integer;--> statement-breakpoint
-- Each signing key belongs to a key of SECRET_KEY that the service has been started with.
INSERT INTO `root_keys` (`id`, `first_used_at`) SELECT `root_id`, `created_at` FROM `signing_keys`;
