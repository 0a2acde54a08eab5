package io.varve.conformance;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Promises about one thing; each test gets its stores as parameters. */
@ExtendWith(RigExtension.class)
@Timeout(300)
abstract class PromiseGroup {}
