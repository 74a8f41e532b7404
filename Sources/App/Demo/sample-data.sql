-- The sample data of demo mode. Run once, as the owner with app.scope = 'all', into an empty database. The same rows
-- every time; times are relative to now().
--
-- Guilds (the stand-in for Discord knows the same):
--   200000000000000001  Northlight Creators    big; memberAccess on; Ada owns it, Bob is an ordinary member
--   200000000000000002  Casa Verde Kollektiv   big; Ada is an admin (MANAGE_GUILD)
--   200000000000000003  Tiny Lantern Studio    nearly empty; Ada owns it
--   200000000000000004  Retro Pixel Club       the bot left it 40 days ago; Ada is an admin (ADMINISTRATOR)
--   200000000000000005  Harbor & Pine          another tenant's; Charlie owns it
--   200000000000000006  Sunday Book Circle     no bot there, so not in the database; Ada may add it
-- People: Ada 100000000000000001, Bob 100000000000000002, Charlie 100000000000000003.

SET LOCAL search_path = dashboard, pg_temp;
SET LOCAL timezone = 'UTC';

-- A number in [0, 1) that depends on nothing but the key.
CREATE FUNCTION sample_share(key text) RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$ SELECT ('x' || left(md5(key), 8))::bit(32)::bigint / 4294967296.0::double precision $$;

INSERT INTO users (id, username, global_name, email, locale, first_sign_in_at, last_sign_in_at) VALUES
    (100000000000000001, 'ada', 'Ada', 'ada@example.com', 'en-GB', now() - interval '88 days', now() - interval '3 hours'),
    (100000000000000002, 'bob', 'Bob', 'bob@example.com', 'de', now() - interval '61 days', now() - interval '2 days'),
    (100000000000000003, 'charlie', 'Charlie', 'charlie@example.com', 'en-US', now() - interval '70 days', now() - interval '9 days');

-- 8 is ADMINISTRATOR, 32 MANAGE_GUILD, 68608 see, write and read back.
INSERT INTO user_guilds (user_id, guild_id, name, permissions, owner) VALUES
    (100000000000000001, 200000000000000001, 'Northlight Creators', 8, true),
    (100000000000000001, 200000000000000002, 'Casa Verde Kollektiv', 68640, false),
    (100000000000000001, 200000000000000003, 'Tiny Lantern Studio', 8, true),
    (100000000000000001, 200000000000000004, 'Retro Pixel Club', 8, false),
    (100000000000000001, 200000000000000006, 'Sunday Book Circle', 68640, false),
    (100000000000000002, 200000000000000001, 'Northlight Creators', 68608, false),
    (100000000000000003, 200000000000000005, 'Harbor & Pine', 8, true);

INSERT INTO clients (id, name, created_at) OVERRIDING SYSTEM VALUE VALUES
    (1, 'Northlight Creators', now() - interval '89 days'),
    (2, 'Casa Verde Kollektiv', now() - interval '84 days'),
    (3, 'Tiny Lantern Studio', now() - interval '6 days'),
    (4, 'Retro Pixel Club', now() - interval '80 days'),
    (5, 'Harbor & Pine', now() - interval '72 days');
SELECT setval(pg_get_serial_sequence('clients', 'id'), 5);

INSERT INTO guilds (client_id, guild_id, name, joined_at, left_at)
SELECT id, 200000000000000000 + id, name, created_at, CASE WHEN id = 4 THEN now() - interval '40 days' END
FROM clients;

INSERT INTO guild_settings (
    client_id, timezone, currency, member_access, near_miss_percent, check_interval_minutes, post_retention_days
) VALUES
    (1, 'Europe/Berlin', 'EUR', true, 85, 30, NULL),
    (2, 'America/Sao_Paulo', 'BRL', false, 80, 60, 730),
    (3, 'UTC', 'USD', false, 80, 60, NULL),
    (4, 'Asia/Tokyo', 'JPY', false, 80, 60, NULL),
    (5, 'America/Los_Angeles', 'USD', false, 90, 60, 365);

-- Creators: each is in a group of a brand and on two platforms, with the reach of the first; the second has a part of it.
-- A status other than active is the first account's.
CREATE TABLE sample_creators AS
SELECT * FROM (VALUES
    (1, 'Aurora Skincare', 'Glow Squad', 'lena.glows', 'Lena Brandt', 'instagram', 'tiktok', 184000, 'beauty', 'de', 'active'),
    (1, 'Aurora Skincare', 'Glow Squad', 'chloe.petit', 'Chloé Petit', 'tiktok', 'youtube', 412000, 'beauty', 'fr', 'active'),
    (1, 'Aurora Skincare', 'Glow Squad', 'maya_glowup', 'Maya Okafor', 'instagram', 'threads', 96500, 'beauty', 'en', 'private'),
    (1, 'Aurora Skincare', 'Dermatology Talks', 'dr.ingrid.skin', 'Dr. Ingrid Vik', 'youtube', 'instagram', 251000, 'beauty', 'en', 'active'),
    (1, 'Aurora Skincare', 'Dermatology Talks', 'hautgefluester', 'Hautgeflüster', 'instagram', 'tiktok', 38900, 'beauty', 'de', 'active'),
    (1, 'Aurora Skincare', 'Dermatology Talks', 'peau.neuve', 'Peau Neuve', 'instagram', 'facebook', 22400, 'beauty', 'fr', 'paused'),
    (1, 'Peak Fuel', 'Gym Team', 'ironmarco', 'Marco Ruiz', 'instagram', 'youtube', 528000, 'fitness', 'es', 'active'),
    (1, 'Peak Fuel', 'Gym Team', 'liftwithpriya', 'Priya Nair', 'tiktok', 'instagram', 307000, 'fitness', 'en', 'active'),
    (1, 'Peak Fuel', 'Gym Team', 'bulk_or_bust', 'Owen Hart', 'youtube', 'x', 88100, 'fitness', 'en', 'suspended'),
    (1, 'Peak Fuel', 'Runners', 'kilometerkind', 'Jonas Keller', 'instagram', 'threads', 41700, 'fitness', 'de', 'active'),
    (1, 'Peak Fuel', 'Runners', 'corre.sofia', 'Sofía Méndez', 'tiktok', 'instagram', 133000, 'fitness', 'es', 'active'),
    (1, 'Peak Fuel', 'Runners', 'parkrun.pete', 'Pete Lawson', 'facebook', 'x', 12800, 'fitness', 'en', 'active'),
    (1, 'Nomad Gear', 'Van Life', 'thevannorth', 'The Van North', 'youtube', 'instagram', 693000, 'travel', 'en', 'active'),
    (1, 'Nomad Gear', 'Van Life', 'furgo.y.mar', 'Furgo y Mar', 'instagram', 'tiktok', 158000, 'travel', 'es', 'active'),
    (1, 'Nomad Gear', 'Van Life', 'bulli.und.berge', 'Bulli & Berge', 'instagram', 'youtube', 74300, 'travel', 'de', 'not_found'),
    (1, 'Nomad Gear', 'City Hikers', 'stadtwandern', 'Stadtwandern', 'instagram', 'facebook', 29600, 'travel', 'de', 'active'),
    (1, 'Nomad Gear', 'City Hikers', 'amelie.marche', 'Amélie Marchand', 'instagram', 'threads', 51200, 'travel', 'fr', 'active'),
    (1, 'Nomad Gear', 'City Hikers', 'stairs_and_views', 'Stairs & Views', 'tiktok', 'x', 64800, 'travel', 'en', 'active'),
    (1, 'Pixel Forge Games', 'Streamers', 'yuki_plays', 'ゆき', 'twitch', 'youtube', 221000, 'gaming', 'ja', 'active'),
    (1, 'Pixel Forge Games', 'Streamers', 'nightowl_noah', 'Noah Lindqvist', 'twitch', 'x', 145000, 'gaming', 'en', 'active'),
    (1, 'Pixel Forge Games', 'Streamers', 'queen_of_combo', 'Queen of Combo', 'twitch', 'tiktok', 87400, 'gaming', 'en', 'active'),
    (1, 'Pixel Forge Games', 'Clip Makers', 'clipcat', 'ClipCat', 'tiktok', 'youtube', 389000, 'gaming', 'en', 'active'),
    (1, 'Pixel Forge Games', 'Clip Makers', 'pixel.haru', 'はる', 'youtube', 'x', 102000, 'gaming', 'ja', 'active'),
    (1, 'Pixel Forge Games', 'Clip Makers', 'respawn_diaries', 'Respawn Diaries', 'youtube', 'threads', 17300, 'gaming', 'en', 'error'),
    (2, 'Verde Kitchen', 'Home Cooks', 'cozinha.da.bia', 'Bia Monteiro', 'instagram', 'youtube', 614000, 'food', 'pt', 'active'),
    (2, 'Verde Kitchen', 'Home Cooks', 'kochen.mit.omar', 'Omar Aydın', 'tiktok', 'instagram', 203000, 'food', 'de', 'active'),
    (2, 'Verde Kitchen', 'Home Cooks', 'panela_velha', 'Panela Velha', 'youtube', 'facebook', 77900, 'food', 'pt', 'active'),
    (2, 'Verde Kitchen', 'Bakers', 'sourdough.sam', 'Sam Whitfield', 'instagram', 'threads', 126000, 'food', 'en', 'active'),
    (2, 'Verde Kitchen', 'Bakers', 'zuckerstaub', 'Zuckerstaub', 'instagram', 'tiktok', 58600, 'food', 'de', 'active'),
    (2, 'Verde Kitchen', 'Bakers', 'pao.e.ponto', 'Pão e Ponto', 'instagram', 'facebook', 33100, 'food', 'pt', 'private'),
    (2, 'Lumen Interiors', 'Small Spaces', 'twentysqm', 'Twenty Square Metres', 'youtube', 'instagram', 341000, 'home', 'en', 'active'),
    (2, 'Lumen Interiors', 'Small Spaces', 'petit.nid', 'Petit Nid', 'instagram', 'tiktok', 92700, 'home', 'fr', 'active'),
    (2, 'Lumen Interiors', 'Small Spaces', 'wohnlicht', 'Wohnlicht', 'instagram', 'facebook', 44800, 'home', 'de', 'active'),
    (2, 'Lumen Interiors', 'Before & After', 'reno_with_rosa', 'Rosa Delgado', 'tiktok', 'youtube', 478000, 'home', 'es', 'active'),
    (2, 'Lumen Interiors', 'Before & After', 'altbau.ahoi', 'Altbau Ahoi', 'instagram', 'threads', 36200, 'home', 'de', 'paused'),
    (2, 'Lumen Interiors', 'Before & After', 'fixerupper.finn', 'Finn O''Dea', 'youtube', 'x', 69500, 'home', 'en', 'active'),
    (2, 'Botanica Home', 'Plant People', 'selva.no.ape', 'Selva no Apê', 'instagram', 'tiktok', 187000, 'home', 'pt', 'active'),
    (2, 'Botanica Home', 'Plant People', 'monstera.mum', 'Grace Adeyemi', 'tiktok', 'instagram', 254000, 'home', 'en', 'active'),
    (2, 'Botanica Home', 'Plant People', 'jardin.suspendu', 'Jardin Suspendu', 'instagram', 'facebook', 27700, 'home', 'fr', 'not_found'),
    (2, 'Botanica Home', 'Balcony Growers', 'tomate.e.sol', 'Tomate e Sol', 'youtube', 'instagram', 61400, 'home', 'pt', 'active'),
    (2, 'Botanica Home', 'Balcony Growers', 'balkonbeet', 'Balkonbeet', 'instagram', 'threads', 19800, 'home', 'de', 'active'),
    (2, 'Botanica Home', 'Balcony Growers', 'huerto.arriba', 'Huerto Arriba', 'tiktok', 'x', 83200, 'home', 'es', 'active'),
    (4, 'Retro Pixel', 'Collectors', 'cartridge.ken', 'ケン', 'youtube', 'x', 46800, 'gaming', 'ja', 'active'),
    (4, 'Retro Pixel', 'Collectors', 'dusty_consoles', 'Dusty Consoles', 'youtube', 'twitch', 31500, 'gaming', 'en', 'active'),
    (5, 'Harbor Coffee', 'Baristas', 'latte.lines', 'Latte Lines', 'instagram', 'tiktok', 142000, 'food', 'en', 'active'),
    (5, 'Harbor Coffee', 'Baristas', 'espresso.elena', 'Elena Rossi', 'tiktok', 'youtube', 265000, 'food', 'es', 'active'),
    (5, 'Pine Outdoors', 'Trail Crew', 'ridgeline.kate', 'Kate Morrow', 'youtube', 'instagram', 98300, 'travel', 'en', 'active'),
    (5, 'Pine Outdoors', 'Trail Crew', 'switchback.sid', 'Sid Farrow', 'instagram', 'facebook', 21900, 'travel', 'en', 'suspended')
) AS creators (client_id, brand, group_name, handle, name, first_platform, second_platform, reach, topic, language, status);

INSERT INTO brands (client_id, name, created_at)
SELECT creators.client_id, creators.brand, clients.created_at
FROM (SELECT DISTINCT client_id, brand FROM sample_creators UNION ALL VALUES (3, 'Lantern Prints')) AS creators
JOIN clients ON clients.id = creators.client_id
ORDER BY creators.client_id, creators.brand;

INSERT INTO account_groups (client_id, brand_id, name, created_at)
SELECT brands.client_id, brands.id, groups.name, brands.created_at
FROM (
    SELECT DISTINCT client_id, brand, group_name FROM sample_creators
    UNION ALL VALUES (3, 'Lantern Prints', 'Illustrators'), (2, 'Botanica Home', 'Spring campaign')
) AS groups (client_id, brand, name)
JOIN brands ON brands.client_id = groups.client_id AND brands.name = groups.brand
ORDER BY brands.client_id, brands.name, groups.name;

INSERT INTO client_accounts (
    client_id, group_id, platform, handle, url, display_name, status, external_id, notes, followers, created_at, updated_at
)
SELECT groups.client_id, groups.id, accounts.platform, accounts.handle,
    CASE accounts.platform
        WHEN 'instagram' THEN 'https://www.instagram.com/' || accounts.handle || '/'
        WHEN 'tiktok' THEN 'https://www.tiktok.com/@' || accounts.handle
        WHEN 'youtube' THEN 'https://www.youtube.com/@' || accounts.handle
        WHEN 'x' THEN 'https://x.com/' || accounts.handle
        WHEN 'facebook' THEN 'https://www.facebook.com/' || accounts.handle
        WHEN 'threads' THEN 'https://www.threads.net/@' || accounts.handle
        ELSE 'https://www.twitch.tv/' || accounts.handle
    END,
    creators.name, accounts.status, left(md5(accounts.platform || accounts.handle), 16),
    CASE accounts.status
        WHEN 'private' THEN 'Asked on Monday to make it public again.'
        WHEN 'not_found' THEN 'Renamed? Last seen under this handle.'
        WHEN 'paused' THEN 'On leave until next month.'
        ELSE ''
    END,
    accounts.followers, clients.created_at + interval '2 hours', now() - interval '1 day'
FROM sample_creators AS creators
JOIN clients ON clients.id = creators.client_id
JOIN brands ON brands.client_id = creators.client_id AND brands.name = creators.brand
JOIN account_groups AS groups
    ON groups.client_id = creators.client_id AND groups.brand_id = brands.id AND groups.name = creators.group_name
CROSS JOIN LATERAL (VALUES
    (1, creators.first_platform, creators.handle, creators.status, creators.reach),
    -- Neither X nor Twitch has full stops in handles.
    (2, creators.second_platform,
        CASE WHEN creators.second_platform IN ('x', 'twitch') THEN replace(creators.handle, '.', '_') ELSE creators.handle END,
        'active', (creators.reach * (0.15 + 0.5 * sample_share('second' || creators.handle)))::int)
) AS accounts (place, platform, handle, status, followers)
ORDER BY groups.client_id, groups.id, creators.handle, accounts.place;

-- Never measured, no posts: a new guild.
INSERT INTO client_accounts (client_id, group_id, platform, handle, url, display_name, created_at)
SELECT client_id, id, 'instagram', 'paper.lanterns', 'https://www.instagram.com/paper.lanterns/', 'Paper Lanterns', now() - interval '5 days'
FROM account_groups WHERE client_id = 3;

-- A caption is a text of the topic in the creator's language, a closing word and tags.
CREATE TABLE sample_captions AS
SELECT * FROM (VALUES
    ('beauty', 'en', ARRAY['My five-minute morning routine, no filter 🌿', 'Vitamin C or niacinamide first? Let''s settle this', 'Thirty days of SPF every single day: here is what changed ☀️', 'Reading your comments about retinol', 'Three products I stopped buying']),
    ('beauty', 'de', ARRAY['Meine Abendroutine in unter fünf Minuten 🌙', 'Sonnencreme im Winter? Ja, unbedingt', 'Was ich über trockene Haut gern früher gewusst hätte', 'Ehrlicher Test nach vier Wochen', 'Eure Fragen zu Retinol, Teil zwei']),
    ('beauty', 'fr', ARRAY['Ma routine du matin, sans filtre ✨', 'Le soin que je rachète à chaque fois', 'On teste le sérum dont tout le monde parle', 'Peau sensible : mes trois erreurs', 'Démaquillage express avant de dormir 😴']),
    ('fitness', 'en', ARRAY['Push day with a twist 💪', 'Stop skipping the warm-up, seriously', 'What I eat before a long run', 'From couch to 10k: week seven 🏃', 'One kettlebell, twelve minutes']),
    ('fitness', 'de', ARRAY['Intervalle im Regen, trotzdem schön 🌧️', 'So habe ich meinen ersten Halbmarathon überlebt', 'Drei Übungen gegen müde Beine', 'Der lange Lauf am Sonntag 🏃‍♂️', 'Frühstück vor dem Wettkampf']),
    ('fitness', 'es', ARRAY['Rutina de piernas en veinte minutos 🔥', 'Mi desayuno antes de entrenar', 'El error que todos cometemos en la sentadilla', 'Domingo de tirada larga 🏃‍♀️', 'Hoy toca espalda, ¿quién se apunta?']),
    ('travel', 'en', ARRAY['Woke up above the clouds again ☁️', 'Everything that broke on the van this month', 'A cheap night with a million-dollar view', 'The trail nobody talks about', 'Packing list for four seasons in one week 🎒']),
    ('travel', 'de', ARRAY['Frühstück mit Blick auf den Watzmann ⛰️', 'Unser Stellplatz kostete nur acht Euro', 'Zehn Kilometer quer durch die Altstadt', 'Was immer in meinem Rucksack ist 🎒', 'Mit dem Nachtzug ans Meer']),
    ('travel', 'fr', ARRAY['Quinze kilomètres dans Lyon un dimanche matin', 'La plus belle montée de la ville 🌆', 'Mon sac pour trois jours de marche', 'Sous la pluie, c''est encore mieux ☔', 'Un café en haut des marches']),
    ('travel', 'es', ARRAY['Dormimos frente al mar y esto pasó 🌊', 'La cala que no sale en los mapas', 'Cuánto gastamos en una semana de furgo', 'Amanecer en Cabo de Gata 🌅', 'Arreglando el techo otra vez']),
    ('gaming', 'en', ARRAY['That last boss took nine hours 🎮', 'Ranking every map by how much it hurts', 'The clutch of the week', 'I let chat choose my build', 'Speedrun practice: so close 😭']),
    ('gaming', 'ja', ARRAY['新作を初見プレイ！🎮', '今夜九時から配信します', '視聴者さんと対戦しました🔥', '名シーンまとめ・今週編', '裏ボスにやっと勝てた😭']),
    ('food', 'en', ARRAY['The crumb on this one 😍', 'Milk texture in thirty seconds ☕', 'One dough, four breads', 'Things I wish I knew about hydration', 'Saturday bake with me']),
    ('food', 'de', ARRAY['Zimtschnecken wie bei Oma 🥮', 'Linsen-Dal in zwanzig Minuten', 'Der beste Käsekuchen ohne Boden', 'Was koche ich mit dem, was da ist?', 'Menemen zum Frühstück 🍳']),
    ('food', 'pt', ARRAY['Pão de queijo que dá certo sempre 🧀', 'Feijoada de domingo, versão rápida', 'Bolo de cenoura da minha avó 🥕', 'Três jantares com um frango só', 'O segredo do arroz soltinho']),
    ('food', 'es', ARRAY['El espresso perfecto en casa ☕', 'Latte art para principiantes', '¿Leche fría o caliente? Probamos', 'Un cortado con vistas', 'Limpiar la máquina en cinco minutos']),
    ('home', 'en', ARRAY['One wall, three weekends, zero regrets 🔨', 'Storage you can actually reach', 'Repotting day, send help 🪴', 'Twenty square metres, full tour', 'The light that changed this room 💡']),
    ('home', 'de', ARRAY['Vorher, nachher: das Bad im Altbau 🛁', 'Licht planen ohne Elektriker', 'Tomaten auf drei Quadratmetern 🍅', 'Ein Regal für unter vierzig Euro', 'Dielen schleifen, Tag zwei']),
    ('home', 'fr', ARRAY['Un salon lumineux pour moins de cent euros 💡', 'Trois plantes qui survivent à tout 🌿', 'Ranger quand on n''a pas de place', 'Avant, après : la cuisine', 'Mon coin lecture du dimanche 📚']),
    ('home', 'es', ARRAY['La cocina antes y después 😱', 'Lechugas en la terraza, día treinta 🥬', 'Pintar azulejos sin drama', 'Ideas para un pasillo oscuro', 'El truco para regar en vacaciones']),
    ('home', 'pt', ARRAY['Minha selva em trinta metros quadrados 🌿', 'Como salvar uma samambaia triste', 'Horta na varanda, passo a passo 🍅', 'Luz natural muda tudo', 'Replantando a jiboia com vocês'])
) AS captions (topic, language, texts);

CREATE TABLE sample_closings AS
SELECT * FROM (VALUES
    ('en', ARRAY['', 'Thoughts?', 'Save this for later 📌', 'Part two tomorrow.', 'Link in bio.']),
    ('de', ARRAY['', 'Was meint ihr?', 'Speichert es euch 📌', 'Teil zwei kommt morgen.', 'Link in der Bio.']),
    ('fr', ARRAY['', 'Vous en pensez quoi ?', 'À garder pour plus tard 📌', 'La suite demain.', 'Lien en bio.']),
    ('es', ARRAY['', '¿Qué opináis?', 'Guárdalo para luego 📌', 'Mañana la segunda parte.', 'Enlace en la bio.']),
    ('pt', ARRAY['', 'O que acharam?', 'Salva pra depois 📌', 'Amanhã tem mais.', 'Link na bio.']),
    ('ja', ARRAY['', '感想をコメントで教えてね', '保存してね📌', '続きはまた明日', 'リンクはプロフィールから'])
) AS closings (language, texts);

-- About 26 posts an account in 90 days. A guild that the bot left, and an account that can no longer be read, have no
-- newer ones. views are the ones a post ends with; the latest measurement replaces them below.
INSERT INTO posts (client_id, account_id, platform, external_id, url, caption, posted_at, views, created_at)
SELECT accounts.client_id, accounts.id, accounts.platform, post.external_id,
    accounts.url || CASE WHEN right(accounts.url, 1) = '/' THEN 'p/' ELSE '/p/' END || post.external_id,
    btrim(captions.texts[1 + floor(5 * sample_share('caption' || post.key))::int]
        || ' ' || closings.texts[1 + floor(5 * sample_share('closing' || post.key))::int])
        || ' #' || creators.topic || CASE WHEN sample_share('tag' || post.key) < 0.4 THEN ' #ad #' || lower(replace(creators.brand, ' ', '')) ELSE '' END,
    post.posted_at,
    -- Mostly a tenth to a half of the followers; one in thirty goes far beyond.
    (accounts.followers * (0.05 + 0.5 * sample_share('reach' || post.key) ^ 2)
        * CASE WHEN sample_share('viral' || post.key) > 0.967 THEN 6 + 10 * sample_share('more' || post.key) ELSE 1 END)::bigint,
    post.posted_at + interval '20 minutes'
FROM client_accounts AS accounts
JOIN sample_creators AS creators
    ON creators.client_id = accounts.client_id AND replace(creators.handle, '.', '_') = replace(accounts.handle, '.', '_')
JOIN sample_captions AS captions ON captions.topic = creators.topic AND captions.language = creators.language
JOIN sample_closings AS closings ON closings.language = creators.language
CROSS JOIN generate_series(1, 26) AS number
CROSS JOIN LATERAL (
    SELECT accounts.handle || accounts.platform || number AS key,
        left(md5('post' || accounts.handle || accounts.platform || number), 11) AS external_id,
        now() - interval '1 hour' - (number - sample_share('time' || accounts.handle || accounts.platform || number))
            * interval '82 hours' AS posted_at
) AS post
WHERE post.posted_at < now() - CASE
    WHEN accounts.client_id = 4 THEN interval '40 days'
    WHEN accounts.status IN ('private', 'not_found', 'suspended') THEN interval '12 days'
    WHEN accounts.status = 'paused' THEN interval '20 days'
    ELSE interval '0'
END
ORDER BY post.posted_at;

SELECT make_metric_partitions(3, 4);

-- Half of the views come in the first two days; likes and the rest follow the views at a rate of the post's own.
INSERT INTO post_metrics (client_id, post_id, measured_at, views, likes, comments, shares)
SELECT posts.client_id, posts.id, point.measured_at, reached.views,
    (reached.views * (0.03 + 0.06 * sample_share('likes' || posts.external_id)))::bigint,
    (reached.views * (0.001 + 0.005 * sample_share('comments' || posts.external_id)))::bigint,
    (reached.views * (0.001 + 0.008 * sample_share('shares' || posts.external_id)))::bigint
FROM posts
JOIN guilds ON guilds.client_id = posts.client_id
CROSS JOIN unnest(ARRAY[1, 8, 24, 48, 72, 120, 168, 264, 360, 504, 720, 1080, 1440, 1920]) AS hours
CROSS JOIN LATERAL (SELECT posts.posted_at + hours * interval '1 hour' AS measured_at) AS point
CROSS JOIN LATERAL (SELECT (posts.views * (1 - exp(-hours / 69.0)))::bigint AS views) AS reached
WHERE point.measured_at < coalesce(guilds.left_at, now());

UPDATE posts SET
    views = latest.views, likes = latest.likes, comments = latest.comments, shares = latest.shares,
    measured_at = latest.measured_at
FROM (
    SELECT DISTINCT ON (client_id, post_id) * FROM post_metrics ORDER BY client_id, post_id, measured_at DESC
) AS latest
WHERE posts.client_id = latest.client_id AND posts.id = latest.post_id;
UPDATE posts SET views = 0 WHERE measured_at IS NULL;

-- A follower count for each day: up to a fifth gained in 90 days, with ups and downs of a fifth of a percent.
INSERT INTO account_metrics (client_id, account_id, measured_at, followers)
SELECT accounts.client_id, accounts.id, point.measured_at,
    (accounts.followers * (1 - days / 90.0 * 0.2 * sample_share('growth' || accounts.handle || accounts.platform)
        + CASE WHEN days = 0 THEN 0 ELSE 0.002 * (sample_share(accounts.handle || accounts.platform || days) - 0.5) END))::bigint
FROM client_accounts AS accounts
JOIN guilds ON guilds.client_id = accounts.client_id
CROSS JOIN generate_series(0, 89) AS days
CROSS JOIN LATERAL (SELECT now() - interval '40 minutes' - days * interval '1 day' AS measured_at) AS point
WHERE accounts.followers IS NOT NULL AND point.measured_at < coalesce(guilds.left_at, now())
    AND (accounts.status NOT IN ('private', 'not_found', 'suspended') OR days > 12);

UPDATE client_accounts AS accounts SET last_post_at = latest.posted_at
FROM (SELECT client_id, account_id, max(posted_at) AS posted_at FROM posts GROUP BY client_id, account_id) AS latest
WHERE accounts.client_id = latest.client_id AND accounts.id = latest.account_id;

-- As the audit log below tells it.
UPDATE client_accounts SET status_since = CASE status
    WHEN 'active' THEN created_at
    WHEN 'paused' THEN now() - interval '2 days'
    WHEN 'error' THEN now() - interval '1 day'
    ELSE now() - interval '12 days'
END;

INSERT INTO usage_days (client_id, day, api_requests, exports, imports, alerts, accounts, posts)
SELECT guilds.client_id, days.day::date,
    -- Weekends are quiet.
    (CASE WHEN guilds.client_id IN (1, 2) THEN 900 ELSE 120 END * (0.5 + sample_share('api' || guilds.client_id || days.age))
        * CASE WHEN extract(isodow FROM days.day) > 5 THEN 0.4 ELSE 1 END)::bigint,
    CASE WHEN sample_share('export' || guilds.client_id || days.age) > 0.85 THEN 1 ELSE 0 END,
    CASE WHEN sample_share('import' || guilds.client_id || days.age) > 0.93 THEN 1 ELSE 0 END,
    floor(4 * sample_share('alert' || guilds.client_id || days.age) ^ 2),
    counted.accounts, counted.posts
FROM guilds
CROSS JOIN LATERAL (
    SELECT day, (current_date - day::date) AS age
    FROM generate_series(greatest(guilds.joined_at, now() - interval '89 days'), coalesce(guilds.left_at, now()), interval '1 day') AS day
) AS days
CROSS JOIN LATERAL (
    SELECT (SELECT count(*) FROM client_accounts AS accounts
            WHERE accounts.client_id = guilds.client_id AND accounts.created_at <= days.day + interval '1 day') AS accounts,
        (SELECT count(*) FROM posts
            WHERE posts.client_id = guilds.client_id AND posts.posted_at <= days.day + interval '1 day') AS posts
) AS counted
ON CONFLICT DO NOTHING;

INSERT INTO guild_queue_depths (client_id, guild_id, depth, oldest_job_at, updated_at) VALUES
    (1, 200000000000000001, 41, now() - interval '95 seconds', now() - interval '20 seconds'),
    (2, 200000000000000002, 7, now() - interval '12 seconds', now() - interval '20 seconds');

-- The bot has been known for 83 days, was down five times and degraded three times. Rollups as roll_up_bot_health
-- leaves them: minutes for 48 h, hours for 35 days, days before.
INSERT INTO bot_health (
    instance, first_heartbeat, last_heartbeat, started_at, shard_count, shards_down, guild_count, latency_ms, status,
    version, state, state_since, updated_at
) VALUES (
    1, now() - interval '83 days', now() - interval '12 seconds', now() - interval '3 days 5 hours', 4, 0, 4, 87,
    'healthy', '2.8.1', 'online', now() - interval '3 days 5 hours', now() - interval '12 seconds'
);

INSERT INTO bot_incidents (instance, state, started_at, ended_at, reason)
SELECT 1, state, now() - ago, now() - ago + lasted, reason
FROM (VALUES
    ('offline', interval '78 days 4 hours', interval '52 minutes', 'silence'),
    ('degraded', interval '61 days 9 hours', interval '3 hours 10 minutes', 'shards_down'),
    ('offline', interval '47 days 20 hours', interval '9 hours 25 minutes', 'silence'),
    ('degraded', interval '33 days 2 hours', interval '41 minutes', 'latency'),
    ('offline', interval '21 days 13 hours', interval '2 minutes', 'stopping'),
    ('offline', interval '12 days 6 hours', interval '1 hour 36 minutes', 'silence'),
    ('degraded', interval '5 days 16 hours', interval '2 hours 5 minutes', 'reported'),
    ('offline', interval '3 days 5 hours 4 minutes', interval '4 minutes', 'stopping')
) AS incidents (state, ago, lasted, reason)
ORDER BY ago DESC;

INSERT INTO bot_health_rollups (
    instance, resolution, starts_at, beats, online_seconds, degraded_seconds, latency_count, latency_sum, latency_min, latency_max
)
SELECT 1, buckets.resolution, buckets.starts_at, beats.number, up.seconds - down.degraded - down.offline, down.degraded,
    beats.number, beats.number * beats.latency, beats.latency - 30, beats.latency + 120
FROM bot_health AS health
CROSS JOIN LATERAL (
    SELECT date_trunc('hour', now() - interval '48 hours') AS minutes_from, date_trunc('day', now() - interval '35 days') AS hours_from
) AS borders
CROSS JOIN LATERAL (
    SELECT 'minute' AS resolution, interval '1 minute' AS width, starts_at
    FROM generate_series(borders.minutes_from, now(), interval '1 minute') AS starts_at
    UNION ALL
    SELECT 'hour', interval '1 hour', starts_at
    FROM generate_series(borders.hours_from, borders.minutes_from - interval '1 hour', interval '1 hour') AS starts_at
    UNION ALL
    SELECT 'day', interval '1 day', starts_at
    FROM generate_series(date_trunc('day', health.first_heartbeat), borders.hours_from - interval '1 day', interval '1 day') AS starts_at
) AS buckets
CROSS JOIN LATERAL (
    SELECT extract(epoch FROM least(buckets.starts_at + buckets.width, health.last_heartbeat)
        - greatest(buckets.starts_at, health.first_heartbeat))::double precision AS seconds
) AS up
CROSS JOIN LATERAL (
    SELECT coalesce(sum(overlap.seconds) FILTER (WHERE overlap.state = 'degraded'), 0)::double precision AS degraded,
        coalesce(sum(overlap.seconds) FILTER (WHERE overlap.state = 'offline'), 0)::double precision AS offline
    FROM (
        SELECT incidents.state, extract(epoch FROM least(buckets.starts_at + buckets.width, incidents.ended_at)
            - greatest(buckets.starts_at, incidents.started_at)) AS seconds
        FROM bot_incidents AS incidents
        WHERE incidents.started_at < buckets.starts_at + buckets.width AND incidents.ended_at > buckets.starts_at
    ) AS overlap
) AS down
CROSS JOIN LATERAL (
    SELECT ceil((up.seconds - down.offline) / 30)::int AS number, 80 + floor(40 * sample_share(buckets.starts_at::text))::int AS latency
) AS beats
WHERE up.seconds > 0;

-- In the order of time: it is a chain.
SELECT append_audit_at(
    now() - entries.ago, entries.client_id, CASE WHEN entries.actor IS NULL THEN 'bot' ELSE 'user' END, entries.actor,
    entries.action, entries.target_type, entries.target_id, entries.changes::jsonb, entries.source,
    CASE WHEN entries.actor IS NOT NULL THEN '203.0.113.24'::inet END
)
FROM (VALUES
    (1, interval '89 days', NULL::bigint, 'guild.joined', 'guild', '200000000000000001', '{"name": [null, "Northlight Creators"]}', 'bot'),
    (1, interval '88 days 22 hours', 100000000000000001, 'settings.updated', 'settings', '200000000000000001', '{"timezone": {"from": "UTC", "to": "Europe/Berlin"}, "currency": {"from": "USD", "to": "EUR"}}', 'page'),
    (1, interval '88 days 21 hours', 100000000000000001, 'brand.created', 'brand', '1', '{"name": {"from": null, "to": "Aurora Skincare"}}', 'page'),
    (2, interval '84 days', NULL, 'guild.joined', 'guild', '200000000000000002', '{"name": [null, "Casa Verde Kollektiv"]}', 'bot'),
    (2, interval '83 days 20 hours', 100000000000000001, 'settings.updated', 'settings', '200000000000000002', '{"timezone": {"from": "UTC", "to": "America/Sao_Paulo"}, "postRetentionDays": {"from": null, "to": 730}}', 'page'),
    (4, interval '80 days', NULL, 'guild.joined', 'guild', '200000000000000004', '{"name": [null, "Retro Pixel Club"]}', 'bot'),
    (5, interval '72 days', NULL, 'guild.joined', 'guild', '200000000000000005', '{"name": [null, "Harbor & Pine"]}', 'bot'),
    (1, interval '60 days', 100000000000000001, 'settings.updated', 'settings', '200000000000000001', '{"memberAccess": {"from": false, "to": true}}', 'page'),
    (4, interval '40 days', NULL, 'guild.left', 'guild', '200000000000000004', '{"name": ["Retro Pixel Club", null]}', 'bot'),
    (1, interval '31 days', 100000000000000001, 'settings.updated', 'settings', '200000000000000001', '{"checkIntervalMinutes": {"from": 60, "to": 30}, "nearMissPercent": {"from": 80, "to": 85}}', 'api'),
    (1, interval '12 days', NULL, 'account.updated', 'account', 'maya_glowup', '{"status": {"from": "active", "to": "private"}}', 'bot'),
    (1, interval '11 days 20 hours', NULL, 'account.updated', 'account', 'bulli.und.berge', '{"status": {"from": "active", "to": "not_found"}}', 'bot'),
    (3, interval '6 days', NULL, 'guild.joined', 'guild', '200000000000000003', '{"name": [null, "Tiny Lantern Studio"]}', 'bot'),
    (3, interval '5 days', 100000000000000001, 'account.created', 'account', 'paper.lanterns', '{"handle": {"from": null, "to": "paper.lanterns"}, "platform": {"from": null, "to": "instagram"}}', 'page'),
    (2, interval '2 days', 100000000000000001, 'account.updated', 'account', 'altbau.ahoi', '{"status": {"from": "active", "to": "paused"}, "notes": {"from": "", "to": "On leave until next month."}}', 'page')
) AS entries (client_id, ago, actor, action, target_type, target_id, changes, source)
ORDER BY entries.ago DESC;

DROP TABLE sample_creators, sample_captions, sample_closings;
DROP FUNCTION sample_share(text);
