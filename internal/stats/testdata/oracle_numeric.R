# Answers of R for the numbers that numeric_test.go asks for: raking, trimming, Holm, Wilson, F and noncentral F.
# Usage: Rscript oracle_numeric.R cases.json answers.json
suppressMessages({library(survey); library(jsonlite)})
options(warn = -1)
args <- commandArgs(TRUE)
q <- fromJSON(args[1], simplifyDataFrame = FALSE, simplifyMatrix = FALSE)
d <- svydesign(ids = ~1, weights = q$weights, data = data.frame(x = seq_along(q$weights)))
trim <- function(strict) as.numeric(weights(trimWeights(d, lower = q$lower, upper = q$upper, strict = strict)))
each <- function(m, f) sapply(m, function(x) f(x))
p <- q$proportions
write(toJSON(list(
  trim = trim(FALSE), strict = trim(TRUE), holm = p.adjust(q$p, "holm"),
  wilson = lapply(p, function(x) as.numeric(prop.test(round(x[1] * x[2]), x[2], correct = FALSE)$conf.int)),
  tail = each(q$f, function(x) pf(x[1], x[2], x[3], lower.tail = FALSE)),
  ncf = each(q$ncf, function(x) pf(x[1], x[2], if (x[3] > 1e9) Inf else x[3], ncp = x[4])),
  t = each(q$df, function(x) qt(.975, x)),
  welch = { m <- svycontrast(structure(c(a = q$means[1], b = q$means[2]), var = diag(q$means[3:4]^2), class = "svystat"), c(1, -1)); c(coef(m), SE(m)) }
), digits = NA, auto_unbox = TRUE), args[2])
