"""Row security: every table that belongs to a user shows each row only to those whom it concerns."""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Who acts is set for one transaction (goatedvips.kit.acting). Whoever sets nothing acts for nobody, except
# the reader, whom the grants keep from what is not his to see.
FUNCTIONS = """
CREATE FUNCTION acting_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT nullif(current_setting('goatedvips.user_id', true), '')::bigint
$$;
CREATE FUNCTION acting_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('goatedvips.role', true), ''),
                    CASE WHEN current_user = 'goatedvips_reader' THEN 'reader' ELSE 'nobody' END)
$$;
"""

_MINE = "user_id = (SELECT acting_user())"

OWNED = {
    "api_keys": (_MINE, ("admin", "system")),
    "api_request_logs": (_MINE, ("admin", "system", "reader")),
    "idempotency_keys": (_MINE, ("system",)),
    "link_requests": (_MINE, ("support", "admin", "system", "reader")),
    "link_signatures": (
        "request_id IN (SELECT id FROM link_requests WHERE user_id = (SELECT acting_user()))",
        ("support", "admin", "system", "reader"),
    ),
    "login_attempts": ("false", ("system",)),
    "race_awards": (
        f"{_MINE} OR player_id IN (SELECT player_id FROM users WHERE id = (SELECT acting_user()))",
        ("support", "admin", "system", "reader"),
    ),
    "recovery_codes": ("false", ("system",)),
    "self_exclusions": (_MINE, ("support", "admin", "system", "reader")),
    "user_accounts": (_MINE, ("support", "admin", "system", "reader")),
    "user_credentials": ("false", ("system",)),
    "user_devices": (_MINE, ("system",)),
    "user_names": (_MINE, ("admin", "system")),
    "user_sessions": (_MINE, ("admin", "system")),
    "user_tokens": ("false", ("system",)),
    "users": ("id = (SELECT acting_user())", ("support", "admin", "system", "reader")),
}
"""By table: whose a row is, and who else may see and change it (as far as his grants go)."""

# An account's face is everybody's to see while it is in use.
FACES = """
CREATE POLICY face ON users FOR SELECT USING (status = 'active')
"""

# What boards show besides amounts has a revision, so that whoever watches can tell an older state from a
# newer one in any process. One row: changes of it count one after the other, as they become true.
FACE_REVISION = """
CREATE TABLE face_revision (
    single boolean NOT NULL DEFAULT true CONSTRAINT pk_face_revision PRIMARY KEY,
    value bigint NOT NULL DEFAULT 0,
    CONSTRAINT ck_face_revision_single CHECK (single)
);
INSERT INTO face_revision DEFAULT VALUES;
CREATE FUNCTION raise_face_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE face_revision SET value = value + 1;
    RETURN NULL;
END $$;
CREATE FUNCTION raise_face_revision_for_all_races() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed WHERE race_id IS NULL) THEN
        UPDATE face_revision SET value = value + 1;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION raise_face_revision_for_the_linked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed WHERE player_id IS NOT NULL) THEN
        UPDATE face_revision SET value = value + 1;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER faces_added AFTER INSERT ON users REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION raise_face_revision_for_the_linked();
CREATE TRIGGER faces_changed AFTER UPDATE OF privacy, status, player_id, profile_color ON users
    FOR EACH STATEMENT EXECUTE FUNCTION raise_face_revision();
CREATE TRIGGER faces_changed AFTER UPDATE OF erased_at ON players
    FOR EACH STATEMENT EXECUTE FUNCTION raise_face_revision();
CREATE TRIGGER faces_added AFTER INSERT ON exclusions REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION raise_face_revision_for_all_races();
CREATE TRIGGER faces_changed AFTER UPDATE ON exclusions REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION raise_face_revision_for_all_races();
"""

# An account's row stays, whoever asks, but for one that was never used: then all its parts went before, or
# the foreign keys refuse, and it is the program itself that asks.
REMOVAL = """
CREATE FUNCTION remove_unused(ids bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    removed bigint;
BEGIN
    DELETE FROM users
     WHERE id = ANY(ids) AND role = 'user' AND status = 'active' AND player_id IS NULL AND version = 1
       AND acting_role() = 'system';
    GET DIAGNOSTICS removed = ROW_COUNT;
    IF removed <> cardinality(ids) THEN
        RAISE EXCEPTION 'only accounts that were never used are removed'
            USING ERRCODE = 'restrict_violation';
    END IF;
END $$;
REVOKE EXECUTE ON FUNCTION remove_unused(bigint[]) FROM PUBLIC;
"""

# What was left behind by a person who had himself erased can be changed so far, and no further.
ERASABLE_NAMES = """
CREATE FUNCTION refuse_other_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.player_id, NEW.run_id) IS DISTINCT FROM (OLD.player_id, OLD.run_id)
       OR NEW.goated_username <> 'deleted player' THEN
        RAISE EXCEPTION 'a name that a report gave is never changed, only erased'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER append_only ON player_names;
CREATE TRIGGER append_only BEFORE UPDATE ON player_names
    FOR EACH ROW EXECUTE FUNCTION refuse_other_name();
CREATE TRIGGER kept BEFORE DELETE ON player_names
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON tier_changes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE ON self_exclusions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""

WHOLE = ("wager_readings", "player_names", "tier_changes", "self_exclusions")
KEPT_WHOLE = "".join(
    f"""
CREATE TRIGGER kept_whole BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    for table in WHOLE
)
# Of months that an earlier version made room for.
KEPT_MONTHS = """
DO $$
DECLARE
    month regclass;
BEGIN
    FOR month IN SELECT inhrelid::regclass FROM pg_inherits
                  WHERE inhparent = 'wager_readings'::regclass
                    AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = inhrelid AND tgname = 'kept_whole')
    LOOP
        EXECUTE format('CREATE TRIGGER kept_whole BEFORE TRUNCATE ON %s'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', month);
    END LOOP;
END $$;
"""


def upgrade() -> None:
    op.execute(FUNCTIONS)
    for table, (mine, others) in OWNED.items():
        listed = ", ".join(f"'{role}'" for role in others)
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY acting ON {table} USING ((SELECT acting_role()) IN ({listed}) OR ({mine}))"
        )
    op.execute(FACES)
    op.execute(REMOVAL)
    op.execute(ERASABLE_NAMES)
    op.execute(KEPT_WHOLE)
    op.execute(KEPT_MONTHS)
    op.execute(FACE_REVISION)


def downgrade() -> None:
    op.execute("DROP TRIGGER faces_changed ON exclusions")
    op.execute("DROP TRIGGER faces_added ON exclusions")
    op.execute("DROP TRIGGER faces_changed ON players")
    op.execute("DROP TRIGGER faces_changed ON users")
    op.execute("DROP TRIGGER faces_added ON users")
    op.execute("DROP FUNCTION raise_face_revision_for_the_linked")
    op.execute("DROP FUNCTION raise_face_revision_for_all_races")
    op.execute("DROP FUNCTION raise_face_revision")
    op.execute("DROP TABLE face_revision")
    for table in WHOLE:
        op.execute(f"DROP TRIGGER kept_whole ON {table}")
    op.execute("DROP TRIGGER append_only ON self_exclusions")
    op.execute("DROP TRIGGER append_only ON tier_changes")
    op.execute("DROP TRIGGER kept ON player_names")
    op.execute("DROP TRIGGER append_only ON player_names")
    op.execute("DROP FUNCTION refuse_other_name")
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON player_names"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute("DROP FUNCTION remove_unused(bigint[])")
    op.execute("DROP POLICY face ON users")
    for table in OWNED:
        op.execute(f"DROP POLICY acting ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute("DROP FUNCTION acting_role")
    op.execute("DROP FUNCTION acting_user")
