CREATE FUNCTION holdfast_private.set_notification_preferences(
    organization_id uuid, email_notifications boolean DEFAULT NULL, sms_notifications boolean DEFAULT NULL,
    push_notifications boolean DEFAULT NULL, marketing_emails boolean DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    v_user uuid := holdfast_private.require_actor(organization_id);
    v_preferences @api@.notification_preferences;
BEGIN
    IF v_user IS NULL THEN
        PERFORM holdfast.raise_error('forbidden', NULL, 'Preferences are somebody''s: call this as a user.');
    ELSIF NOT EXISTS (
        SELECT FROM @api@.profiles AS o
        WHERE o.organization_id = set_notification_preferences.organization_id AND o.user_id = v_user) THEN
        PERFORM holdfast.raise_error('profile_not_found');
    END IF;
    INSERT INTO @api@.notification_preferences AS p (
        organization_id, user_id, email_notifications, sms_notifications, push_notifications, marketing_emails)
    VALUES (
        set_notification_preferences.organization_id, v_user, coalesce(set_notification_preferences.email_notifications, true),
        coalesce(set_notification_preferences.sms_notifications, false),
        coalesce(set_notification_preferences.push_notifications, true),
        coalesce(set_notification_preferences.marketing_emails, false))
    ON CONFLICT ON CONSTRAINT notification_preferences_pkey DO UPDATE
    SET email_notifications = coalesce(set_notification_preferences.email_notifications, p.email_notifications),
        sms_notifications = coalesce(set_notification_preferences.sms_notifications, p.sms_notifications),
        push_notifications = coalesce(set_notification_preferences.push_notifications, p.push_notifications),
        marketing_emails = coalesce(set_notification_preferences.marketing_emails, p.marketing_emails)
    RETURNING p.* INTO v_preferences;
    RETURN to_jsonb(v_preferences) - '{organization_id,user_id}'::text[];
END
$$;
COMMENT ON FUNCTION holdfast_private.set_notification_preferences(uuid, boolean, boolean, boolean, boolean) IS
'Sets what the caller wants to be told, and how; what is null stays as it is: {"email_notifications","sms_notifications","push_notifications","marketing_emails","created_at","updated_at"}. It counts for what is sent from now on. The caller needs a profile. Errors: forbidden, not_authenticated, profile_not_found.';
REVOKE ALL ON FUNCTION holdfast_private.set_notification_preferences(uuid, boolean, boolean, boolean, boolean) FROM PUBLIC;
SELECT holdfast.expose('holdfast_private.set_notification_preferences(uuid, boolean, boolean, boolean, boolean)'::regprocedure, '@api@', '{authenticated,service_role}');
