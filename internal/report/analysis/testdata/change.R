# Recomputes changes between two waves from their files with answers alone: the difference of independent samples by
# svycontrast on the stacked data, and the earlier wave raked to the composition of the newer one.
# Usage: Rscript change.R pairs.json answers.json
source("testdata/wave.R")
args <- commandArgs(trailingOnly = TRUE)
pairs <- fromJSON(args[1], simplifyVector = FALSE)

load_wave <- function(wave) {
  raw <- as.data.frame(fread(wave$csv, colClasses = "character", na.strings = NULL, encoding = "UTF-8", header = TRUE, strip.white = FALSE))
  answers <- recode(wave, raw)
  list(wave = wave, raw = raw, answers = answers, des = design_of(wave, raw, answers))
}

# A share or mean of one column over a domain, with its interval.
figure <- function(w, des, q, by, value) {
  l <- laid_out(q, w$answers)
  inside <- l$inside
  if (!is.null(by)) {
    g <- groups_of(w$answers, w$raw, by)
    inside <- inside & !is.na(g) & g == value
  }
  d <- domain(des, inside, l$y[, 1, drop = FALSE])
  if (q$kind == "construct") {
    ci <- d$mean + c(-1, 1) * qt(.975, d$df) * d$se
  } else {
    p <- d$mean
    method <- if (p <= 1e-12 || p >= 1 - 1e-12 || p * (1 - p) / d$se^2 * min(p, 1 - p) < 5 - 1e-9) "beta" else "logit"
    ci <- limits(p, d$se, d$base, d$kish, d$df, method)
  }
  c(d, list(low = ci[1], high = ci[2], inside = inside, y = l$y[, 1]))
}

difference <- function(now, before, kind) {
  d <- now$mean - before$mean
  v <- c(now$se, before$se)^2
  if (kind == "construct") {
    df <- sum(v)^2 / sum(v^2 / c(now$df, before$df))
    ci <- d + c(-1, 1) * qt(.975, df) * sqrt(sum(v))
  } else {
    ci <- d + c(-sqrt((now$mean - now$low)^2 + (before$high - before$mean)^2), sqrt((now$high - now$mean)^2 + (before$mean - before$low)^2))
  }
  list(diff = d, se = sqrt(sum(v)), low = ci[1], high = ci[2], before = before$mean)
}

# The same difference from both waves in one design, a stratum each.
stacked <- function(now, before, a, b) {
  part <- function(w, f, name) {
    size <- if (is.null(w$wave$population)) Inf else w$wave$population
    data.frame(wave = name, y = f$y, inside = f$inside, size = size, w = weights(w$des))
  }
  data <- rbind(part(b, before, "a"), part(a, now, "b"))
  fpc <- if (all(is.finite(data$size))) ~size else NULL
  des <- svydesign(ids = ~1, strata = ~wave, weights = ~w, fpc = fpc, data = data)
  by <- svyby(~y, ~wave, subset(des, inside), svymean, covmat = TRUE)
  svycontrast(by, c(-1, 1))
}

# One factor a variable: the groups that are compared, and everyone else together.
classes <- function(w, variable, shown) {
  g <- groups_of(w$answers, w$raw, variable)
  g[is.na(g) | !(g %in% shown)] <- "(rest)"
  g
}

standardised <- function(p, a, b, q, shown) {
  now <- a$des; old <- b$des
  forms <- list(); old_pops <- list(); now_pops <- list()
  names <- character(0)
  base_w <- if (is.null(b$wave$weight)) rep(1, nrow(b$raw)) else as.numeric(b$raw[[b$wave$weight]])
  n <- nrow(b$raw)
  raw_old <- svydesign(ids = ~1, weights = base_w, fpc = if (!is.null(b$wave$population)) rep(b$wave$population, n), data = data.frame(u = seq_len(n)))
  for (variable in names(shown)) {
    values <- chr(shown[[variable]])
    if (!length(values)) next
    name <- paste0("c_", variable); names <- c(names, name)
    x <- classes(a, variable, values); y <- classes(b, variable, values)
    now$variables[[name]] <- factor(x); raw_old$variables[[name]] <- factor(y)
    w <- tapply(weights(a$des), x, sum)
    rest <- if ("(rest)" %in% y) sum(base_w[y == "(rest)"]) / sum(base_w) else 0
    target <- w[names(w) != "(rest)"]; target <- target / sum(target) * n * (1 - rest)
    if (rest > 0) target <- c(target, "(rest)" = n * rest)
    pop <- data.frame(factor(names(target), levels = levels(factor(y))), as.numeric(target))
    old_pops <- c(old_pops, list(setNames(pop, c(name, "Freq"))))
    forms <- c(forms, as.formula(paste0("~", name)))
  }
  raked <- rake(raw_old, forms, old_pops, control = list(maxit = 3000, epsilon = 1e-10))
  raked$left <- b$des$left
  raked$margins <- qr(model.matrix(reformulate(names), raked$variables))
  inside <- laid_out(q, b$answers)$inside
  known <- c(names, grep("^m_", names(now$variables), value = TRUE))
  now$margins <- qr(model.matrix(reformulate(known), now$variables))
  if (is.null(now$postStrata)) { # rake() to what the wave already has makes svyrecvar take the margins out
    pops <- lapply(names, function(v) { t <- tapply(weights(now), now$variables[[v]], sum); setNames(data.frame(factor(names(t), levels = levels(now$variables[[v]])), as.numeric(t)), c(v, "Freq")) })
    check <- rake(now, forms, pops, control = list(maxit = 3000, epsilon = 1e-10))
    if (max(abs(weights(check) - weights(now))) > 1e-6) stop("raking to its own margins moved the weights")
  }
  f <- figure(b, raked, q, NULL, NULL)
  # svymean itself, once: the residuals from the margins are what rake() leaves.
  s <- raked; s$variables$y_ <- ifelse(inside, f$y, 0); s <- s[which(inside), ]
  m <- svymean(~y_, s)
  if (abs(coef(m) - f$mean) > 1e-8 || abs(SE(m) - f$se) > 1e-5 * f$se) stop("svymean after rake differs: ", SE(m), " and ", f$se)
  difference(figure(a, now, q, NULL, NULL), f, q$kind)
}

answer <- lapply(pairs, function(p) {
  a <- load_wave(p$now); b <- load_wave(p$before)
  lapply(p$changes, function(change) {
    q <- p$now$questions[[change$question]]
    then <- p$before$questions[[change$before]]
    now <- figure(a, a$des, q, change$by, change$value); before <- figure(b, b$des, then, change$by, change$value)
    d <- difference(now, before, q$kind)
    if (is.null(p$now$margins)) {
      s <- stacked(now, before, a, b)
      if (abs(coef(s) - d$diff) > 1e-10 || abs(SE(s) - d$se) > 1e-8 * d$se) stop("svycontrast differs: ", SE(s), " and ", d$se)
    }
    if (!is.null(change$shown)) d$standard <- standardised(p, a, b, then, change$shown)
    d
  })
})
write_json(answer, args[2], auto_unbox = TRUE, digits = NA, null = "null")
