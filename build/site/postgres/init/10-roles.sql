-- Once, when the database is made. Two roles of the program sign in: the owner, who migrates, and the server, who owns nothing and may do what the
-- migrations grant to app_rw (row-level security holds for it). The superuser is for the operator alone.
\set owner_password `cat /run/secrets/db_owner_password`
\set app_password `cat /run/secrets/db_app_password`
CREATE ROLE app_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE app_rw NOLOGIN NOBYPASSRLS;
CREATE ROLE app_server LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app_password' IN ROLE app_rw;
CREATE DATABASE ap_intake OWNER app_owner TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE ap_intake FROM PUBLIC;
GRANT CONNECT ON DATABASE ap_intake TO app_server;
-- A query that runs wild ends; whoever needs longer says so in the transaction.
ALTER ROLE app_server IN DATABASE ap_intake SET statement_timeout = '30s';
ALTER ROLE app_server IN DATABASE ap_intake SET lock_timeout = '10s';
\connect ap_intake
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO app_owner;
GRANT USAGE ON SCHEMA public TO app_rw;
