CREATE TABLE "service_key_secrets" (
	"hash" text collate "C" PRIMARY KEY NOT NULL,
	"key_id" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"expires_at" bigint,
	"last_used_at" bigint
);
--> statement-breakpoint
CREATE TABLE "service_keys" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"name" text collate "C" NOT NULL,
	"scopes" text collate "C" NOT NULL,
	"created_at" bigint NOT NULL,
	"created_by" text collate "C",
	"revoked_at" bigint
);
--> statement-breakpoint
ALTER TABLE "service_key_secrets" ADD CONSTRAINT "service_key_secrets_key_id_service_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "service_keys"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "service_keys" ADD CONSTRAINT "service_keys_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "service_key_secrets_key" ON "service_key_secrets" USING btree ("key_id");--> statement-breakpoint
CREATE UNIQUE INDEX "service_keys_name" ON "service_keys" USING btree ("name") WHERE revoked_at is null;--> statement-breakpoint
CREATE INDEX "service_keys_created_by" ON "service_keys" USING btree ("created_by") WHERE created_by is not null;