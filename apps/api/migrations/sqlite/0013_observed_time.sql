CREATE TABLE `observed_time` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);
