-- Columns, where a decision is needed: a new one is written by nobody, and not read where the audit log must not have it.

INSERT INTO proof.columns VALUES
  ('public.message_settings', 'insert', '{organization_id,site_url,from_name,from_address,reply_to}'),
  ('public.message_settings', 'update', '{site_url,from_name,from_address,reply_to}'),
  ('public.pillars', 'insert', '{organization_id,code,name,description,sort_order,is_active}'),
  ('public.pillars', 'update', '{code,name,description,sort_order,is_active}'),
  ('public.session_types', 'insert', '{organization_id,pillar_id,name,description,default_duration_minutes,is_active,approval}'),
  ('public.session_types', 'update', '{pillar_id,name,description,default_duration_minutes,is_active,approval}'),
  ('public.specialist_weights', 'insert', '{organization_id,specialist_id,weight}'),
  ('public.specialist_weights', 'update', '{weight}'),
  ('public.quota_settings', 'insert', '{organization_id,cancellation_days,cancellation_notice,max_cancellations,minimum_group,require_subscription,
    show_people,waitlist_when_exhausted}'),
  ('public.quota_settings', 'update', '{cancellation_days,cancellation_notice,max_cancellations,minimum_group,require_subscription,show_people,
    waitlist_when_exhausted}'),
  ('public.waitlist_settings', 'insert', '{organization_id,offer_minutes}'),
  ('public.waitlist_settings', 'update', '{offer_minutes}'),
  -- what the views over it show
  ('holdfast_private.audit_log', 'select', '{organization_id,id,occurred_at,user_id,actor_id,role,category,action,entity_type,entity_id,
    subject_id,status,error_message,ip_address,user_agent,request_id,old_values,new_values,details}');

INSERT INTO proof.readable VALUES
  ('public.profiles', '{email,phone,ip_address,user_agent}'),
  ('public.clients', '{email,phone,date_of_birth}'),
  ('public.company_employees', '{email}'),
  ('public.company_employee_invitations', '{email}'),
  ('public.specialist_availability_exceptions', '{reason}'),
  ('public.specialist_vacation', '{reason}'),
  ('public.bookings', '{notes,cpt,meeting_link,metadata,decline_reason,cancellation_reason}'),
  ('public.accounts', '{reason}'),
  ('public.account_tokens', '{email,details,requested_ip,used_ip}'),
  ('public.api_keys', '{last_used_ip}'),
  ('public.session_tokens', '{ip_address,user_agent}'),
  ('public.user_device_fingerprints', '{device_id,ip_address,user_agent}'),
  ('public.quota_increase_requests', '{reason,comment}'),
  ('public.company_compliance_issues', '{description,resolution}'),
  ('public.company_contacts', '{name,email,phone,address,verification_email_sent_at}'),
  ('public.company_dpa_acceptance', '{ip_address,signed_document_url}'),
  ('public.company_subscriptions', '{cancellation_reason}'),
  ('public.company_verification', '{registration_number,tax_id,business_license,insurance,rejection_reason}');
