CREATE TABLE "nickname_fill" (
	"filled_until" text collate "C" PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE "nickname_suffixes" (
	"suffix" text collate "C" NOT NULL,
	"user_id" text collate "C" NOT NULL,
	CONSTRAINT "nickname_suffixes_suffix_user_id_pk" PRIMARY KEY("suffix","user_id")
);
--> statement-breakpoint
CREATE TABLE "person_notes" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"user_id" text collate "C" NOT NULL,
	"operator_id" text collate "C",
	"at" bigint NOT NULL,
	"text" text collate "C" NOT NULL,
	"merged_from" text collate "C"
);
--> statement-breakpoint
ALTER TABLE "person_notes" ADD CONSTRAINT "person_notes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_notes" ADD CONSTRAINT "person_notes_operator_id_users_id_fk" FOREIGN KEY ("operator_id") REFERENCES "users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_notes" ADD CONSTRAINT "person_notes_merged_from_users_id_fk" FOREIGN KEY ("merged_from") REFERENCES "users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "person_notes_user" ON "person_notes" USING btree ("user_id","at","id");--> statement-breakpoint
CREATE INDEX "person_notes_operator" ON "person_notes" USING btree ("operator_id") WHERE operator_id is not null;--> statement-breakpoint
CREATE INDEX "person_notes_merged_from" ON "person_notes" USING btree ("merged_from") WHERE merged_from is not null;--> statement-breakpoint
CREATE INDEX "users_phone_end" ON "users" USING btree (right(phone, 4),"created_at","id") WHERE phone is not null;--> statement-breakpoint
-- Each statement that writes a nickname keeps its ends, also one of a node of the version before; the service fills in those
-- of the users that are here already, a few at a time. The rows of a user are written under the lock of the user's row.
CREATE FUNCTION "keep_nickname_suffixes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP <> 'INSERT' AND OLD."nickname" IS NOT NULL THEN
		DELETE FROM "nickname_suffixes" WHERE "user_id" = OLD."id" AND "suffix" = ANY (ARRAY(
			SELECT lower(substr(OLD."nickname", place)) FROM generate_series(1, length(OLD."nickname")) AS place));
	END IF;
	IF TG_OP <> 'DELETE' AND NEW."nickname" IS NOT NULL THEN
		INSERT INTO "nickname_suffixes" ("suffix", "user_id")
			SELECT lower(substr(NEW."nickname", place)), NEW."id" FROM generate_series(1, length(NEW."nickname")) AS place
			ON CONFLICT DO NOTHING;
	END IF;
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "users_nickname_insert" AFTER INSERT ON "users" FOR EACH ROW
	WHEN (NEW."nickname" IS NOT NULL) EXECUTE FUNCTION "keep_nickname_suffixes"();
--> statement-breakpoint
CREATE TRIGGER "users_nickname_update" AFTER UPDATE OF "nickname" ON "users" FOR EACH ROW
	WHEN (OLD."nickname" IS DISTINCT FROM NEW."nickname") EXECUTE FUNCTION "keep_nickname_suffixes"();
--> statement-breakpoint
CREATE TRIGGER "users_nickname_delete" AFTER DELETE ON "users" FOR EACH ROW
	WHEN (OLD."nickname" IS NOT NULL) EXECUTE FUNCTION "keep_nickname_suffixes"();
--> statement-breakpoint
INSERT INTO "nickname_fill" SELECT '' WHERE EXISTS (SELECT 1 FROM "users");
