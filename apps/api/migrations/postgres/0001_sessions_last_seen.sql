-- A session ends in many statements, and each of them keeps when it was last seen. The identity comes before the
-- session in the order of locks, and here it comes after: so an identity that another transaction holds is not waited
-- for. That is a sign-in through it, whose new session was seen later, or a verb that changes the same user.
CREATE FUNCTION "keep_last_seen"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	UPDATE "identities" SET "last_seen_at" = OLD."last_seen_at" WHERE ("app_id", "openid") IN (
		SELECT "app_id", "openid" FROM "identities"
		WHERE "user_id" = OLD."user_id" AND "app_id" = OLD."app_id" AND "last_seen_at" < OLD."last_seen_at"
		FOR NO KEY UPDATE SKIP LOCKED
	);
	RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER "sessions_last_seen" AFTER DELETE ON "sessions" FOR EACH ROW EXECUTE FUNCTION "keep_last_seen"();
