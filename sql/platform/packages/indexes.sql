CREATE INDEX ON @api@.booking_packages (organization_id, specialist_id);
CREATE INDEX ON @api@.client_packages (organization_id, client_id);
CREATE INDEX ON @api@.client_packages (organization_id, package_id);
CREATE INDEX ON @api@.client_packages (organization_id, specialist_id);
CREATE INDEX ON @api@.package_uses (organization_id, client_package_id, client_id);
