package instrument

func (c *checker) conditions() {}
