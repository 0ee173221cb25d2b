ALTER TABLE `sessions` ADD `secret` text;--> statement-breakpoint
ALTER TABLE `sessions` ADD `secret_since` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `variants` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `parent_variant` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `grandparent_variant` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `sessions` ADD `repeated_in` integer;--> statement-breakpoint
ALTER TABLE `sessions` ADD `forgiven_in` integer;