-- Nobody but the owner reads it; a policy says so where a grant made by mistake would open it.
CREATE POLICY sealed_columns_owner ON holdfast_private.sealed_columns USING (current_user = 'holdfast_owner');
