CREATE TRIGGER touch
    BEFORE UPDATE ON @api@.specialist_weights
    FOR EACH ROW EXECUTE FUNCTION holdfast_private.touch();
