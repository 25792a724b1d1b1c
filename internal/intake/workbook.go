package intake

func openWorkbook(f input) (source, error) { return nil, f.fail(nil, "") }
