ALTER TABLE `identities` ADD `previous_unionid` text;--> statement-breakpoint
ALTER TABLE `unbindings` ADD `previous_unionid` text;