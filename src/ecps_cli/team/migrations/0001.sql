-- The replica, first version: tables that no login reads or writes but through the functions below, each of which
-- runs as ecps_owner (SECURITY DEFINER). What a person wrote or answered stands sealed, under a key that is not here.

CREATE TABLE ecps.text (sha256 text PRIMARY KEY, body text NOT NULL);

CREATE TABLE ecps.edition (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    guide_id text NOT NULL,
    version text NOT NULL,
    UNIQUE (guide_id, version)
);

CREATE TABLE ecps.walk (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seal bytea NOT NULL UNIQUE,            -- what the chain of its events starts from: one a walk, on all PCs
    session text NOT NULL,                 -- its id in the journals
    started text NOT NULL,                 -- as its journal has it, which the seal covers
    began timestamptz NOT NULL,            -- the same, to count with
    guide_id text NOT NULL,
    edition integer NOT NULL REFERENCES ecps.edition,
    guide text NOT NULL REFERENCES ecps.text,
    facts text NOT NULL REFERENCES ecps.text,
    tool text NOT NULL,
    -- what its events come to, kept by ecps.append
    last integer NOT NULL DEFAULT 0,
    touched timestamptz NOT NULL,
    step text NOT NULL DEFAULT '',
    label bytea,                           -- of the last Labelled, sealed
    state text NOT NULL DEFAULT 'unfinished' CHECK (state IN ('unfinished', 'abandoned', 'ended')),
    outcome text NOT NULL DEFAULT '',
    -- who walks it
    fence integer NOT NULL DEFAULT 1,
    holder text NOT NULL,                  -- the label of a workstation
    since timestamptz NOT NULL DEFAULT now(),
    expires timestamptz NOT NULL DEFAULT now(),
    announced date                         -- the day on which it was said that it is too old
);
CREATE INDEX walk_unfinished ON ecps.walk (touched DESC) WHERE state = 'unfinished';
CREATE INDEX walk_began ON ecps.walk (began);

CREATE TABLE ecps.event (
    walk bigint NOT NULL REFERENCES ecps.walk ON DELETE CASCADE,
    number integer NOT NULL,
    kind text NOT NULL,
    step text NOT NULL,
    at timestamptz NOT NULL,
    spent double precision,                -- seconds since the event before; none where nobody walked
    detail text NOT NULL,                  -- the deviation taken, the outcome reached, or that a note says "mismatch"
    fingerprint bytea NOT NULL,            -- of the row's hash in the journal, under the key
    sealed bytea NOT NULL,                 -- the row's body in the journal, under the key
    PRIMARY KEY (walk, number)
);

-- What the events of a walk at one step come to, kept by ecps.append: statistics read these, since they are fewer.
CREATE TABLE ecps.stay (
    walk bigint NOT NULL REFERENCES ecps.walk ON DELETE CASCADE,
    step text NOT NULL,
    edition integer NOT NULL,
    spent double precision,
    paused boolean NOT NULL,
    abandoned boolean NOT NULL,
    deviated boolean NOT NULL,
    mismatch boolean NOT NULL,
    PRIMARY KEY (walk, step)
);
CREATE INDEX event_deviated ON ecps.event (step, detail, walk) WHERE kind IN ('Deviated', 'WentOver');

-- Texts of the guides that a walk went over to, and of their facts: the events that name them are sealed.
CREATE TABLE ecps.named (
    walk bigint NOT NULL REFERENCES ecps.walk ON DELETE CASCADE,
    sha256 text NOT NULL REFERENCES ecps.text,
    PRIMARY KEY (walk, sha256)
);

CREATE TABLE ecps.forgotten (seal bytea PRIMARY KEY, asked_at timestamptz NOT NULL DEFAULT now(), asked_by text NOT NULL);

-- ------------------------------------------------------------------------------------------------------- the outbox

CREATE FUNCTION ecps.heads(p_seals bytea[])
RETURNS TABLE (seal bytea, last integer, forgotten boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
    SELECT s, coalesce(walk.last, 0), EXISTS (SELECT FROM forgotten WHERE forgotten.seal = s)
    FROM unnest(p_seals) AS s LEFT JOIN walk ON walk.seal = s
    WHERE walk.id IS NOT NULL OR EXISTS (SELECT FROM forgotten WHERE forgotten.seal = s)
$$;

CREATE FUNCTION ecps.missing_texts(p_sha256 text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
    SELECT DISTINCT s FROM unnest(p_sha256) AS s WHERE NOT EXISTS (SELECT FROM text WHERE sha256 = s)
$$;

CREATE FUNCTION ecps.keep_text(p_body text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
    INSERT INTO text VALUES (encode(sha256(convert_to(p_body, 'UTF8')), 'hex'), p_body) ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION ecps.name_texts(p_seal bytea, p_sha256 text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
    INSERT INTO named SELECT DISTINCT walk.id, s FROM walk, unnest(p_sha256) AS s WHERE seal = p_seal
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION ecps.begin(
    p_seal bytea, p_session text, p_started text, p_guide_id text, p_version text, p_guide text, p_facts text,
    p_tool text, p_workstation text
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
    INSERT INTO edition (guide_id, version) VALUES (p_guide_id, p_version) ON CONFLICT DO NOTHING;
    INSERT INTO walk (seal, session, started, began, guide_id, edition, guide, facts, tool, touched, holder)
    SELECT p_seal, p_session, p_started, p_started::timestamptz, p_guide_id,
        (SELECT id FROM edition WHERE guide_id = p_guide_id AND version = p_version), p_guide, p_facts, p_tool,
        p_started::timestamptz, p_workstation
    WHERE NOT EXISTS (SELECT FROM forgotten WHERE seal = p_seal)
    ON CONFLICT (seal) DO NOTHING
$$;

-- A number higher than the walk has was given before the database was restored from a backup: it holds again.
-- What became of rows that were sent: `kept` (also those that were there already), `refused` (another holds the lease,
-- under a higher number), `forked` (the walk went on otherwise), `behind` (rows before these are missing), `unknown`,
-- `forgotten`. With a duration the lease is renewed for that long; 0 gives it back; none leaves it as it is.
CREATE FUNCTION ecps.append(
    p_seal bytea, p_fence integer, p_lease double precision, p_first integer, p_previous bytea,
    p_kinds text[], p_steps text[], p_ats timestamptz[], p_spents double precision[], p_details text[],
    p_fingerprints bytea[], p_sealeds bytea[],
    OUT status text, OUT last integer, OUT holder text, OUT since timestamptz
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
#variable_conflict use_column
DECLARE
    head walk%ROWTYPE;
    count integer := coalesce(cardinality(p_kinds), 0);
    fresh integer;      -- the place of the first row that is not there yet
BEGIN
    SELECT * INTO head FROM walk WHERE seal = p_seal FOR UPDATE;
    IF EXISTS (SELECT FROM forgotten WHERE seal = p_seal) THEN
        status := 'forgotten';
        RETURN;
    END IF;
    IF head.id IS NULL THEN
        status := 'unknown';
        RETURN;
    END IF;
    last := head.last;
    holder := head.holder;
    since := head.since;
    IF p_fence < head.fence THEN
        status := 'refused';
        RETURN;
    END IF;
    IF count > 0 AND p_first > head.last + 1 THEN
        status := 'behind';
        RETURN;
    END IF;
    fresh := head.last - p_first + 2;
    IF (count > 0 AND p_first > 1 AND NOT EXISTS (
        SELECT FROM event WHERE walk = head.id AND number = p_first - 1 AND fingerprint = p_previous
    )) OR EXISTS (
        SELECT FROM unnest(p_fingerprints[:fresh - 1]) WITH ORDINALITY AS sent (fingerprint, place)
        JOIN event ON event.walk = head.id AND event.number = p_first + sent.place - 1
        WHERE event.fingerprint <> sent.fingerprint
    ) THEN
        status := 'forked';
        RETURN;
    END IF;
    IF count > 0 AND count >= fresh THEN
        INSERT INTO event
        SELECT head.id, p_first + place - 1, kind, step, at, spent, detail, fingerprint, sealed
        FROM unnest(p_kinds, p_steps, p_ats, p_spents, p_details, p_fingerprints, p_sealeds)
            WITH ORDINALITY AS sent (kind, step, at, spent, detail, fingerprint, sealed, place)
        WHERE place >= fresh;
        INSERT INTO stay
        SELECT head.id, step, head.edition, sum(spent), bool_or(kind = 'Paused'), bool_or(kind = 'Abandoned'),
            bool_or(kind IN ('Deviated', 'WentOver')), bool_or(kind = 'Noted' AND detail = 'mismatch')
        FROM unnest(p_kinds, p_steps, p_spents, p_details) WITH ORDINALITY AS sent (kind, step, spent, detail, place)
        WHERE place >= fresh GROUP BY step
        ON CONFLICT (walk, step) DO UPDATE SET
            spent = coalesce(stay.spent + excluded.spent, stay.spent, excluded.spent),
            paused = stay.paused OR excluded.paused, abandoned = stay.abandoned OR excluded.abandoned,
            deviated = stay.deviated OR excluded.deviated, mismatch = stay.mismatch OR excluded.mismatch;
        last := p_first + count - 1;
        head.touched := p_ats[count];
        head.step := p_steps[count];
        FOR place IN fresh..count LOOP
            CASE p_kinds[place]
                WHEN 'Labelled' THEN head.label := p_sealeds[place];
                WHEN 'Ended' THEN head.state := 'ended'; head.outcome := p_details[place];
                WHEN 'Abandoned' THEN head.state := 'abandoned'; head.outcome := '';
                WHEN 'Reopened' THEN head.state := 'unfinished'; head.outcome := '';
                ELSE NULL;
            END CASE;
        END LOOP;
    END IF;
    IF last > head.last OR p_fence > head.fence OR p_lease IS NOT NULL THEN
        UPDATE walk SET last = append.last, touched = head.touched, step = head.step, label = head.label,
            state = head.state, outcome = head.outcome, fence = p_fence,
            expires = coalesce(clock_timestamp() + make_interval(secs => p_lease), expires)
        WHERE id = head.id;
    END IF;
    status := 'kept';
END
$$;

-- -------------------------------------------------------------------------------------------------------- taking over

CREATE FUNCTION ecps.unfinished(p_limit integer)
RETURNS TABLE (seal bytea, label bytea, session text, guide_id text, guide text, facts text, step text,
    touched timestamptz, holder text, since timestamptz, held boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
    SELECT seal, label, session, guide_id, guide, facts, step, touched, holder, since, expires > now()
    FROM walk
    WHERE state = 'unfinished' AND last > 0
        AND NOT EXISTS (SELECT FROM forgotten WHERE forgotten.seal = walk.seal)
    ORDER BY touched DESC LIMIT p_limit
$$;

-- `taken`, under a new number; `held`, by whom and since when; `busy`: somebody is at it this very moment, ask again;
-- `ended`; `gone`.
CREATE FUNCTION ecps.take(
    p_seal bytea, p_workstation text, p_lease double precision,
    OUT status text, OUT fence integer, OUT holder text, OUT since timestamptz
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
#variable_conflict use_column
DECLARE
    head walk%ROWTYPE;
BEGIN
    SELECT * INTO head FROM walk
    WHERE seal = p_seal AND NOT EXISTS (SELECT FROM forgotten WHERE seal = p_seal)
    FOR UPDATE SKIP LOCKED;
    IF head.id IS NULL THEN
        status := CASE WHEN EXISTS (SELECT FROM heads(ARRAY[p_seal]) WHERE NOT forgotten) THEN 'busy' ELSE 'gone' END;
        RETURN;
    END IF;
    holder := head.holder;
    since := head.since;
    IF head.state <> 'unfinished' THEN
        status := 'ended';
    ELSIF head.expires > clock_timestamp() THEN
        status := 'held';
    ELSE
        UPDATE walk SET fence = head.fence + 1, holder = p_workstation, since = clock_timestamp(),
            expires = clock_timestamp() + make_interval(secs => p_lease)
        WHERE id = head.id
        RETURNING 'taken', walk.fence INTO status, fence;
    END IF;
END
$$;

CREATE FUNCTION ecps.pull_walk(p_seal bytea)
RETURNS TABLE (session text, started text, guide_id text, guide text, facts text, tool text, guide_text text, facts_text text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
    SELECT session, started, guide_id, guide, facts, tool, g.body, f.body
    FROM walk JOIN text AS g ON g.sha256 = walk.guide JOIN text AS f ON f.sha256 = walk.facts
    WHERE seal = p_seal AND NOT EXISTS (SELECT FROM forgotten WHERE forgotten.seal = p_seal)
$$;

CREATE FUNCTION ecps.pull_events(p_seal bytea)
RETURNS TABLE (number integer, kind text, fingerprint bytea, sealed bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
    SELECT number, kind, fingerprint, sealed FROM event JOIN walk ON walk.id = event.walk
    WHERE seal = p_seal AND NOT EXISTS (SELECT FROM forgotten WHERE forgotten.seal = p_seal)
    ORDER BY number
$$;

CREATE FUNCTION ecps.texts(p_sha256 text[]) RETURNS TABLE (sha256 text, body text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
    SELECT sha256, body FROM text WHERE sha256 = ANY (p_sha256)
$$;

-- ------------------------------------------------------------------------------------------------------------ erasing

-- From this moment nobody sees the walk, and nothing more is kept of it; ecps.erase_forgotten makes it be gone.
CREATE FUNCTION ecps.forget(p_seal bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
    INSERT INTO forgotten (seal, asked_by) VALUES (p_seal, session_user) ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION ecps.erase_forgotten() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
DECLARE
    count bigint;
BEGIN
    DELETE FROM walk WHERE EXISTS (SELECT FROM forgotten WHERE forgotten.seal = walk.seal);
    GET DIAGNOSTICS count = ROW_COUNT;
    DELETE FROM edition WHERE NOT EXISTS (SELECT FROM walk WHERE walk.edition = edition.id);
    DELETE FROM text WHERE NOT EXISTS (SELECT FROM walk WHERE text.sha256 IN (guide, facts))
        AND NOT EXISTS (SELECT FROM named WHERE named.sha256 = text.sha256);
    RETURN count;
END
$$;

-- How many walks are too old: since today, as was announced on an earlier day, by a clock that was wrong; and how many
-- are to be erased since somebody had them forgotten.
CREATE FUNCTION ecps.ages(p_days integer, OUT fresh bigint, OUT due bigint, OUT misdated bigint, OUT asked bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
    SELECT count(*) FILTER (WHERE old AND announced IS NULL), count(*) FILTER (WHERE old AND announced < current_date),
        count(*) FILTER (WHERE wrong), count(*) FILTER (WHERE asked)
    FROM (
        SELECT announced, wrong, asked, NOT asked AND NOT wrong AND began < now() - make_interval(days => p_days) AS old
        FROM (
            SELECT *, began < '2026-11-24' OR began > now() + interval '1 day' AS wrong,
                EXISTS (SELECT FROM forgotten WHERE forgotten.seal = walk.seal) AS asked
            FROM walk
        ) AS dated
    ) AS aged
$$;

-- Erases the walks whose age was announced on an earlier day, and announces the others that are too old.
CREATE FUNCTION ecps.retain(p_days integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
    INSERT INTO forgotten (seal, asked_by)
    SELECT seal, session_user FROM walk
    WHERE began < now() - make_interval(days => p_days) AND began >= '2026-11-24' AND announced < current_date
    ON CONFLICT DO NOTHING;
    UPDATE walk SET announced = CASE WHEN began < now() - make_interval(days => p_days) THEN current_date END
    WHERE began >= '2026-11-24' AND (announced IS NULL) = (began < now() - make_interval(days => p_days));
    SELECT ecps.erase_forgotten()
$$;

-- --------------------------------------------------------------------------------------------------------- statistics

-- What is counted, in walks: no answer, note, label, workstation or person is read here, and no count under 5 leaves
-- this function. Where a total would let one be worked out (the results of all walks, the steps where some were
-- abandoned), the next smallest are left out too, until those left out come to 5 or more together.
CREATE FUNCTION ecps.figures()
RETURNS TABLE (guide text, version text, kind text, step text, name text, walks bigint, median integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ecps, pg_temp
SET work_mem = '64MB' SET jit = off AS $$
    WITH counted AS MATERIALIZED (
        SELECT id, edition, state, outcome FROM walk
        WHERE last > 0 AND NOT EXISTS (SELECT FROM forgotten WHERE forgotten.seal = walk.seal)
    ), per_second AS MATERIALIZED (  -- the median is one of whole seconds: a million need not be sorted for it
        SELECT edition, step, round(spent)::integer AS second, count(*) AS walks,
            count(*) FILTER (WHERE paused) AS paused, count(*) FILTER (WHERE abandoned) AS abandoned,
            count(*) FILTER (WHERE deviated) AS deviated, count(*) FILTER (WHERE mismatch) AS mismatch
        FROM stay WHERE walk NOT IN (SELECT id FROM walk JOIN forgotten USING (seal)) GROUP BY edition, step, second
    ), cumulated AS (
        SELECT *, sum(walks) FILTER (WHERE second IS NOT NULL) OVER same AS timed,
            sum(walks) FILTER (WHERE second IS NOT NULL) OVER (same ORDER BY second) AS until_here
        FROM per_second WINDOW same AS (PARTITION BY edition, step)
    ), per_step AS (
        SELECT edition, step, sum(walks) AS walks, sum(paused) AS paused, sum(abandoned) AS abandoned,
            sum(deviated) AS deviated, sum(mismatch) AS mismatch,
            min(second) FILTER (WHERE timed >= 5 AND until_here * 2 >= timed) AS median
        FROM cumulated GROUP BY edition, step
    ), taken AS (
        SELECT DISTINCT step, detail, walk FROM event WHERE kind IN ('Deviated', 'WentOver')
    ), all_figures (edition, kind, step, name, walks, median) AS (
        SELECT edition, 'walk', '', '', count(*), NULL::integer FROM counted GROUP BY edition
        UNION ALL
        SELECT edition, 'result', state, outcome, count(*), NULL FROM counted GROUP BY edition, state, outcome
        UNION ALL
        SELECT edition, one.kind, step, '', one.walks, one.median FROM per_step
        CROSS JOIN LATERAL (VALUES ('step', walks, median), ('paused', paused, NULL), ('abandoned', abandoned, NULL),
            ('deviated', deviated, NULL), ('mismatch', mismatch, NULL)
        ) AS one (kind, walks, median)
        UNION ALL
        SELECT edition, 'deviation', step, detail, count(*), NULL
        FROM taken JOIN counted ON counted.id = taken.walk GROUP BY edition, step, detail
    ), ranked AS (
        SELECT *, coalesce(sum(walks) OVER (PARTITION BY edition, kind ORDER BY walks, step, name
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS smaller
        FROM all_figures
    )
    SELECT guide_id, version, kind, step, name, walks::bigint, median
    FROM ranked JOIN edition ON edition.id = ranked.edition
    WHERE walks >= 5 AND NOT (kind IN ('result', 'abandoned') AND smaller BETWEEN 1 AND 4)
$$;

-- The text of one guide of each that is counted, to put its steps into words.
CREATE FUNCTION ecps.counted_guides() RETURNS TABLE (guide_id text, version text, guide text, facts text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ecps, pg_temp AS $$
    SELECT edition.guide_id, edition.version, g.body, f.body
    FROM (SELECT DISTINCT ON (edition) * FROM walk ORDER BY edition, began DESC) AS one
    JOIN edition ON edition.id = one.edition
    JOIN text AS g ON g.sha256 = one.guide JOIN text AS f ON f.sha256 = one.facts
$$;

-- ------------------------------------------------------------------------------------------------------------- rights

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ecps FROM PUBLIC;
GRANT USAGE ON SCHEMA ecps TO ecps_appender, ecps_reader, ecps_retention;
GRANT EXECUTE ON FUNCTION ecps.heads, ecps.missing_texts, ecps.keep_text, ecps.name_texts,
    ecps.begin, ecps.append, ecps.unfinished,
    ecps.take, ecps.pull_walk, ecps.pull_events, ecps.texts, ecps.forget TO ecps_appender;
GRANT EXECUTE ON FUNCTION ecps.figures, ecps.counted_guides TO ecps_reader;
GRANT EXECUTE ON FUNCTION ecps.erase_forgotten, ecps.ages, ecps.retain TO ecps_retention;
