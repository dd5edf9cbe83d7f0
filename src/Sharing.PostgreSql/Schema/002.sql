-- As commit_1, which older hosts go on with beside it, with fewer questions: what is to be new is not looked for first. Where it is there already (unique_violation) nothing was changed, and commit_1 says which it was.
-- One commit, all of it.
-- locks: of each key a hash, shifted to the left by one, in order, so that nobody waits in a circle; odd: it is shared. Keys are locked and not rows, since a row that is not
--   there cannot be locked. Empty: so many keys that everything is locked.
-- keys: first those that are put (as many as there are values), then those that are deleted, then those that are only looked at.
-- expected: the version of each; -1: any; 0: absent.
-- again: the connection broke, and it may have happened already.
-- Returns the version; 0: nothing was to be changed; less: minus the place of a key that has not the version expected, and nothing was changed.
CREATE FUNCTION {schema}.commit_2(locks bigint[], keys text[], expected bigint[], puts text[], deletes int, marked bigint, again boolean) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    put int := cardinality(puts);
    changed int := cardinality(puts) + deletes;
    hash bigint;
    seen bigint;
    committed bigint := 0;
BEGIN
    -- Written as conditions, which cost a tenth of what statements do.
    IF (CASE WHEN cardinality(locks) = 0 AND cardinality(keys) > 0 THEN pg_advisory_xact_lock({lock})::text ELSE pg_advisory_xact_lock_shared({lock})::text END) IS NULL THEN
    END IF;
    FOREACH hash IN ARRAY locks LOOP
        IF (CASE WHEN hash & 1 = 0 THEN pg_advisory_xact_lock({lock}, (hash >> 1)::int)::text ELSE pg_advisory_xact_lock_shared({lock}, (hash >> 1)::int)::text END) IS NULL THEN
        END IF;
    END LOOP;

    IF again THEN
        SELECT m.version INTO seen FROM {schema}.marks m WHERE m.mark = marked;
        IF FOUND THEN
            RETURN seen;
        END IF;
    END IF;

    -- All conditions, but that of the first that is put, and of those that are to be new: writing them tells.
    FOR place IN CASE WHEN put > 0 THEN 2 ELSE 1 END .. cardinality(keys) LOOP
        IF expected[place] > 0 OR (expected[place] = 0 AND place > put) THEN
            SELECT r.version INTO seen FROM {schema}.records r WHERE r.key = keys[place];
            IF coalesce(seen, 0) <> expected[place] THEN
                RETURN -place;
            END IF;
        END IF;
    END LOOP;

    IF changed > 0 THEN
        committed := nextval('{schema}.versions');
    END IF;

    FOR place IN 1 .. put LOOP
        IF expected[place] <> 0 THEN
            UPDATE {schema}.records r SET version = committed, json = puts[place]::json
            WHERE r.key = keys[place] AND (expected[place] < 0 OR r.version = expected[place]);
            CONTINUE WHEN FOUND;
        END IF;

        IF expected[place] = 0 AND place > 1 THEN
            INSERT INTO {schema}.records (key, version, json) VALUES (keys[place], committed, puts[place]::json);
            CONTINUE;
        END IF;

        IF expected[place] <= 0 THEN
            INSERT INTO {schema}.records (key, version, json) VALUES (keys[place], committed, puts[place]::json) ON CONFLICT DO NOTHING;
            CONTINUE WHEN FOUND;
        END IF;

        IF place > 1 THEN
            RAISE EXCEPTION 'The record % was changed by somebody who did not lock it.', keys[place] USING ERRCODE = 'serialization_failure'; -- undone, and tried again
        END IF;

        RETURN -1;
    END LOOP;

    IF deletes > 0 THEN
        DELETE FROM {schema}.records r WHERE r.key = ANY (keys[put + 1 : changed]);
    END IF;

    IF changed > 0 THEN
        INSERT INTO {schema}.marks (mark, version) VALUES (marked, committed);
    END IF;

    RETURN committed;
END
$$;
