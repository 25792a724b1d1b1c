# Recomputes every figure of findings.json from answers.csv, with the packages survey and psych, and compares them.
#
#   Rscript reproduce.R            in the folder of the package, or
#   Rscript reproduce.R FOLDER
#
# It prints what was compared and ends with status 1 when something differs. It needs R with the packages survey, psych and
# jsonlite (Debian: r-cran-survey, r-cran-psych, r-cran-jsonlite); with haven (r-cran-haven) it checks answers.sav too.
#
# recipe.json says which columns and options a figure is made from; it holds no figure. Figures are recomputed from the
# answers and the weights in answers.csv. Standard errors know that weights were raked: influences are residuals from the
# main effects of the margins, as survey::rake has them in the limit.

suppressPackageStartupMessages({library(survey); library(jsonlite); library(psych)})
options(survey.lonely.psu = "adjust", warn = -1, digits = 10)

args <- commandArgs(trailingOnly = TRUE)
folder <- if (length(args)) args[1] else "."
path <- function(name) file.path(folder, name)
recipe <- fromJSON(path("recipe.json"), simplifyVector = FALSE)
published <- fromJSON(path("findings.json"), simplifyVector = FALSE)

# Largest difference, relative to the figure (and never to less than 0.0001).
closed <- 1e-6    # what is computed in closed form
tested <- 1e-5    # tests and effects
tails <- 1e-3     # p-values, far in the tail
iterated <- 1e-4  # what is found by iteration: omega, loadings, odds

chr <- function(x) vapply(x, as.character, "")
num <- function(x) vapply(x, function(v) if (is.null(v)) NA_real_ else as.numeric(v), 0)

# ---- what is compared -------------------------------------------------------------------------------------------------

compared <- list(); skipped <- list(); wrong <- character()
skip <- function(why, n = 1) skipped[[why]] <<- sum(skipped[[why]], n)
differ <- function(kind, what, got, want) {
  wrong <<- c(wrong, sprintf("%s: %s is %s here and %s in findings.json", kind, what, format(got), format(want)))
}
compare <- function(kind, what, got, want, tolerance) {
  if (is.null(want)) return(invisible()) # not finite, or hidden
  compared[[kind]] <<- sum(compared[[kind]], 1)
  got <- as.numeric(got); want <- as.numeric(want)
  same <- length(got) == length(want) && all(!is.na(got)) && all(abs(got - want) <= tolerance * pmax(abs(want), 1e-4))
  if (!same) differ(kind, what, got, want)
}

# ---- the answers ------------------------------------------------------------------------------------------------------

raw <- read.csv(path("answers.csv"), colClasses = "character", na.strings = character(0), check.names = FALSE, encoding = "UTF-8")
n <- nrow(raw)
compare("respondents", "number", n, published$respondents, 0)
weight <- as.numeric(raw[[recipe$weight]])

cells <- list(); asked <- list()
for (v in recipe$variables) {
  value <- raw[[v$name]]
  asked[[v$id]] <- value != recipe$not_asked
  if (length(v$guarded)) {
    at <- match(value, names(v$guarded))
    value[!is.na(at)] <- chr(v$guarded)[at[!is.na(at)]]
  }
  cells[[v$id]] <- value
}

# A level or an option; NA for what is between brackets: not asked, no answer, and the like.
level <- function(id) {
  value <- cells[[id]]
  name <- Filter(function(v) v$id == id, recipe$variables)[[1]]$name
  value[grepl("^\\(.*\\)$", raw[[name]]) | value == ""] <- NA
  value
}

# ---- the design -------------------------------------------------------------------------------------------------------

frame <- data.frame(w = weight, unit = seq_len(n), layer = "all")
if (!is.null(recipe$cluster)) frame$unit <- raw[[recipe$cluster]]
if (!is.null(recipe$stratum)) frame$layer <- raw[[recipe$stratum]]
correction <- NULL
left <- 1
if (length(recipe$population)) {
  size <- num(recipe$population)
  if (is.null(recipe$stratum)) {
    frame$size <- size[1]
  } else {
    code <- unlist(recipe$codes[[recipe$stratum]])[frame$layer]
    frame$size <- size[code]
  }
  correction <- ~size
  left <- mean(1 - ave(frame$w, frame$layer, FUN = length) / frame$size)
}
design <- svydesign(ids = ~unit, strata = ~layer, weights = ~w, fpc = correction, data = frame, nest = TRUE)
margins <- NULL
if (length(recipe$raked)) {
  effects <- lapply(chr(recipe$raked), function(name) factor(raw[[name]]))
  effects <- Filter(function(e) nlevels(e) > 1, effects)
  m <- if (length(effects)) model.matrix(~., setNames(as.data.frame(effects), paste0("m", seq_along(effects)))) else matrix(1, n, 1)
  margins <- qr(m)
  design$postStrata <- list(structure(list(qr = margins, w = weight, stage = 0, index = NULL), class = "greg_calibration"))
}

w <- weight
compare("weights", "design effect", n * sum(w^2) / sum(w)^2, published$weights$kish_deff, closed)
compare("weights", "effective number", sum(w)^2 / sum(w^2), published$weights$effective_n, closed)
compare("weights", "least", min(w) / mean(w), published$weights$min, closed)
compare("weights", "largest", max(w) / mean(w), published$weights$max, closed)
compare("design", "degrees of freedom", degf(design), published$design$df, closed)

# Weights that were raked without a bound are raked anew from equal weights and the counts in margins.csv.
if (length(recipe$raked) && file.exists(path("margins.csv")) && published$weights$trimmed == 0 && isTRUE(published$weights$converged)) {
  known <- read.csv(path("margins.csv"), colClasses = "character", na.strings = character(0), encoding = "UTF-8")
  known$count <- as.numeric(known$count)
  total <- sum(known$count[known$variable == known$variable[1]])
  again <- svydesign(ids = ~1, weights = ~one, data = data.frame(one = rep(1, n)))
  forms <- list(); counts <- list(); targets <- TRUE
  for (i in seq_along(recipe$raked)) {
    name <- recipe$raked[[i]]
    id <- Filter(function(v) v$name == name, recipe$variables)[[1]]$id
    value <- level(id)
    m <- known[known$variable == id & known$value %in% value, ]
    if (!all(value[!is.na(value)] %in% m$value)) { targets <- FALSE; break } # counted under a label, not an id
    f <- raw[[name]]
    open <- table(f[is.na(value)])
    share <- total * as.numeric(open) / n # whoever gave no answer keeps a share of the weight
    cell <- f[match(m$value, value)]
    pop <- data.frame(x = factor(c(cell, names(open)), levels = levels(factor(f))), Freq = c(m$count / sum(m$count) * (total - sum(share)), share))
    again$variables[[paste0("m", i)]] <- factor(f)
    names(pop)[1] <- paste0("m", i)
    forms <- c(forms, as.formula(paste0("~m", i))); counts <- c(counts, list(pop))
  }
  if (targets && published$weights$method == "raking") {
    anew <- weights(rake(again, forms, counts, control = list(maxit = 3000, epsilon = 1e-9)))
    compare("weights", "raked anew, largest difference", max(abs(anew / weight - 1)) < iterated, TRUE, 0)
  } else skip("weights whose counts stand under labels: not raked anew")
}

# ---- shares and means -------------------------------------------------------------------------------------------------

# The base and the columns of a question: one 0/1 column an option, or one column of scores.
lay_out <- function(q) {
  if (q$kind == "construct") {
    x <- sapply(q$items, function(i) {
      s <- num(i$scores)[match(cells[[i$id]], names(i$scores))]
      if (isTRUE(i$reverse)) q$low + q$high - s else s
    })
    y <- rowMeans(x, na.rm = TRUE)
    inside <- rowSums(!is.na(x)) >= q$minimum
    y[!inside] <- NA
    return(list(inside = inside, y = matrix(y), items = x))
  }
  if (q$kind == "number") {
    y <- suppressWarnings(as.numeric(level(q$variable)))
    return(list(inside = !is.na(y), y = matrix(y)))
  }
  if (q$kind == "indicator") {
    value <- level(q$variable)
    value[value %in% opinions[[q$variable]]] <- NA
    inside <- !is.na(value)
    if (isTRUE(q$all)) inside <- inside | !asked[[q$variable]]
    return(list(inside = inside, y = matrix(as.numeric(value %in% chr(q$yes)))))
  }
  value <- cells[[q$variable]]
  value[!(value %in% chr(q$options))] <- NA
  list(inside = !is.na(value), y = sapply(chr(q$options), function(o) as.numeric(value %in% o)))
}

# Options of a question that say "don't know" or "does not apply".
opinions <- list()
for (q in published$questions) {
  for (o in q$options) if (!is.null(o$missing)) opinions[[q$id]] <- c(opinions[[q$id]], o$id)
}

# Means of the columns of y over a domain, with the variance that svymean gives.
domain <- function(inside, y) {
  total <- sum(w[inside])
  y[!inside, ] <- 0
  m <- colSums(w * y) / total
  z <- w * (y - rep(m, each = nrow(y))) * inside / total
  if (!is.null(margins)) z <- qr.resid(margins, z / w) * w
  v <- svyrecvar(z, design$cluster, design$strata, design$fpc)
  used <- inside & w > 0
  list(mean = as.numeric(m), se = sqrt(pmax(0, diag(as.matrix(v)))), base = sum(inside), kish = total^2 / sum(w[inside]^2) / left,
       df = length(unique(design$cluster[used, 1])) - length(unique(design$strata[used, 1])))
}

# The interval of a share: on the logit scale, or Clopper and Pearson's on the effective number (Korn & Graubard 1998).
limits <- function(p, se, base, kish, df, method, level = .95) {
  a <- (1 - level) / 2
  if (method == "logit") return(plogis(qlogis(p) + c(1, -1) * qt(a, df) * se / (p * (1 - p))))
  if (se == 0 && p > 0 && p < 1) return(c(p, p))
  ne <- if (p <= 0 || p >= 1) kish else p * (1 - p) / se^2
  ne <- ne * (qt(a, base - 1) / qt(a, df))^2
  c(if (p > 0) qbeta(a, ne * p, ne * (1 - p) + 1) else 0, if (p < 1) qbeta(1 - a, ne * p + 1, ne * (1 - p)) else 1)
}

figures <- new.env(hash = TRUE)
key <- function(...) paste(..., sep = "\x1f")
layouts <- vector("list", length(recipe$questions))
for (k in seq_along(recipe$questions)) {
  q <- recipe$questions[[k]]
  if (!isTRUE(q$here)) next
  l <- lay_out(q)
  layouts[[k]] <- l
  for (by in c(list(NULL), q$by)) {
    g <- if (is.null(by)) rep("", n) else level(by)
    name <- if (is.null(by)) "" else by
    for (value in unique(g[!is.na(g)])) {
      inside <- l$inside & !is.na(g) & g == value
      if (!any(inside)) next
      d <- domain(inside, l$y)
      if (q$kind %in% c("construct", "number")) {
        y <- l$y[inside]
        sd <- sqrt(sum(w[inside] * (y - d$mean)^2) / sum(w[inside]) * d$base / (d$base - 1))
        assign(key("mean", q$item, name, value), list(base = d$base, mean = d$mean, sd = sd, se = d$se,
          low = d$mean - qt(.975, d$df) * d$se, high = d$mean + qt(.975, d$df) * d$se), envir = figures)
        next
      }
      for (j in seq_along(d$mean)) {
        option <- if (is.null(q[["option"]])) chr(q$options)[j] else q[["option"]]
        p <- d$mean[j]
        assign(key("share", q$item, option, name, value), list(n = sum(l$y[inside, j]), base = d$base, share = p, se = d$se[j], d = d), envir = figures)
      }
    }
  }
}

group_key <- function(g) if (is.null(g)) key("", "") else key(g$variable, g$value)
here <- function(item, option = NULL) any(vapply(recipe$questions, function(q) isTRUE(q$here) && q$item == item, NA))
for (s in published$shares) {
  if (isTRUE(s$suppressed)) { skip("hidden: too few answers"); next }
  if (!here(s$item)) { skip("about background variables that are not in this package"); next }
  k <- key("share", s$item, s$option, group_key(s$group))
  got <- figures[[k]]
  what <- gsub("\x1f", " ", k)
  if (is.null(got)) {
    if (s$base > 0) differ("shares", what, "nothing", s$share)
    next
  }
  compare("shares", paste(what, "n"), c(got$n, got$base), c(s$n, s$base), 0)
  compare("shares", what, got$share, s$share, closed)
  compare("shares", paste(what, "se"), got$se, s$se, closed)
  ci <- limits(got$share, got$se, got$d$base, got$d$kish, got$d$df, s$method)
  compare("shares", paste(what, "low"), ci[1], s$low, closed)
  compare("shares", paste(what, "high"), ci[2], s$high, closed)
}
for (m in published$means) {
  if (isTRUE(m$suppressed)) { skip("hidden: too few answers"); next }
  if (!here(m$construct)) { skip("about background variables that are not in this package"); next }
  k <- key("mean", m$construct, group_key(m$group))
  got <- figures[[k]]
  what <- gsub("\x1f", " ", k)
  if (is.null(got)) {
    if (m$base > 0) differ("means", what, "nothing", m$mean)
    next
  }
  compare("means", paste(what, "base"), got$base, m$base, 0)
  compare("means", what, got$mean, m$mean, closed)
  for (field in c("sd", "se", "low", "high")) if (got$base > 1) compare("means", paste(what, field), got[[field]], m[[field]], closed)
}

# ---- comparisons ------------------------------------------------------------------------------------------------------

# Noncentralities under which f is the upper and the lower tail quantile.
noncentral <- function(f, df1, df2) {
  at <- function(p) {
    if (pf(f, df1, df2) <= p) return(0)
    uniroot(function(l) pf(f, df1, df2, ncp = l) - p, c(0, 10 * df1 * f + 100), tol = 1e-12)$root
  }
  c(at(.975), at(.025))
}

test <- function(t) {
  q <- recipe$questions[[t$question]]; l <- layouts[[t$question]]
  g <- level(t$by)
  inside <- l$inside & g %in% chr(t$groups)
  g[!inside] <- NA
  des <- design
  des$variables$g <- factor(g)
  if (q$kind %in% c("construct", "number")) {
    des$variables$y <- ifelse(inside, l$y[, 1], NA)
    r <- regTermTest(svyglm(y ~ g, des), ~g)
    v <- vcov(svyglm(y ~ g - 1, des))
    u <- w[inside]; y <- l$y[inside]; m <- weighted.mean(y, u)
    fitted <- ave(u * y, g[inside], FUN = sum) / ave(u, g[inside], FUN = sum)
    between <- sum(u * (fitted - m)^2); within <- sum(u * (y - fitted)^2)
    share <- as.numeric(tapply(u, g[inside], sum))
    unit <- (sum(share * diag(v)) - sum(v * outer(share, share)) / sum(share)) / r$df / within
    lambda <- noncentral(as.numeric(r$Ftest), r$df, r$ddf)
    effect <- between / (between + within)
    ci <- lambda * unit / (1 + lambda * unit)
    return(list(f = as.numeric(r$Ftest), df1 = r$df, df2 = r$ddf, p = as.numeric(r$p), effect = effect, low = min(ci[1], effect), high = max(ci[2], effect)))
  }
  y <- if (q$kind == "indicator" || !is.null(q[["option"]])) l$y[, 1] else max.col(l$y)
  y[!inside] <- NA
  des$variables$y <- factor(y)
  s <- if (is.null(des$postStrata)) des[which(inside), ] else des
  used <- inside & w > 0
  df <- length(unique(design$cluster[used, 1])) - length(unique(design$strata[used, 1]))
  r <- svychisq(~y + g, s, statistic = "F")
  f <- as.numeric(r$statistic); df1 <- as.numeric(r$parameter[1])
  tab <- svytable(~y + g, s)
  tab <- tab[rowSums(tab) > 0, colSums(tab) > 0, drop = FALSE]
  phi <- as.numeric(chisq.test(tab, correct = FALSE)$statistic) / sum(tab)
  size <- min(dim(tab)) - 1
  ci <- sqrt(pmin(1, noncentral(f, df1, df1 * df) * phi / f / df1 / size))
  effect <- sqrt(phi / size)
  list(f = f, df1 = df1, df2 = df1 * df, p = pf(f, df1, df1 * df, lower.tail = FALSE), effect = effect, low = min(ci[1], effect), high = max(ci[2], effect))
}

p_values <- numeric(); all_here <- TRUE
for (k in seq_along(published$comparisons)) {
  c_ <- published$comparisons[[k]]; t <- recipe$tests[[k]]
  if (t$question == 0) { skip("about background variables that are not in this package"); all_here <- FALSE; next }
  got <- test(t)
  what <- trimws(paste(c_$target, c_$option, "by", c_$by))
  p_values <- c(p_values, got$p)
  compare("comparisons", paste(what, "F"), got$f, c_$statistic, tested)
  compare("comparisons", paste(what, "df"), c(got$df1, got$df2), c(c_$df1, c_$df2), tested)
  compare("comparisons", paste(what, "p"), got$p, c_$p, tails)
  compare("comparisons", paste(what, "effect"), got$effect, c_$effect, tested)
  compare("comparisons", paste(what, "effect, low"), got$low, c_$effect_low, iterated)
  compare("comparisons", paste(what, "effect, high"), got$high, c_$effect_high, iterated)
}
if (all_here && length(p_values)) {
  holm <- p.adjust(p_values, "holm")
  for (k in seq_along(holm)) compare("comparisons", paste("adjusted p of test", k), holm[k], published$comparisons[[k]]$p_adjusted, tails)
}

# ---- reliability ------------------------------------------------------------------------------------------------------

# The minimum of the squared residuals off the diagonal, to more digits than fa() stops at.
minres <- function(r, start) {
  f <- function(l) sum((r - l %o% l)[lower.tri(r)]^2)
  gradient <- function(l) { e <- r - l %o% l; diag(e) <- 0; -2 * drop(e %*% l) }
  for (i in 1:20) start <- optim(start, f, gradient, method = "BFGS", control = list(reltol = 1e-18, maxit = 5000))$par
  if (sum(start) < 0) -start else start
}

for (r in published$reliability) {
  if (isTRUE(r$suppressed)) { skip("hidden: too few answers"); next }
  q <- Filter(function(q) q$item == r$construct && q$kind == "construct", recipe$questions)
  if (!length(q) || !isTRUE(q[[1]]$here)) { skip("about background variables that are not in this package"); next }
  x <- as.data.frame(lay_out(q[[1]])$items)
  x <- x[complete.cases(x), , drop = FALSE]
  names(x) <- paste0("i", seq_along(x))
  compare("reliability", paste(r$construct, "n"), nrow(x), r$n, 0)
  if (!is.null(r$note)) { skip(paste("reliability with a note, which psych computes in its own way:", r$note)); next }
  sink("/dev/null"); a <- psych::alpha(x, warnings = FALSE); sink()
  compare("reliability", paste(r$construct, "alpha"), a$total$raw_alpha, r$alpha, closed)
  compare("reliability", paste(r$construct, "alpha, low"), a$feldt$lower.ci[[1]], r$alpha_low, closed)
  compare("reliability", paste(r$construct, "alpha, high"), a$feldt$upper.ci[[1]], r$alpha_high, closed)
  compare("reliability", paste(r$construct, "item-rest"), a$item.stats$r.drop, num(r$item_rest), closed)
  compare("reliability", paste(r$construct, "alpha without"), a$alpha.drop$raw_alpha, num(r$alpha_without), closed)
  omega <- suppressMessages(suppressWarnings(psych::omega(x, nfactors = 1, plot = FALSE)))$omega.tot
  compare("reliability", paste(r$construct, "omega"), omega, r$omega, iterated)
  compare("reliability", paste(r$construct, "loadings"), minres(cor(x), as.numeric(fa(x, 1)$loadings)), num(r$loadings), iterated)
}

# ---- models -----------------------------------------------------------------------------------------------------------

# Mean gain in explained variance of each predictor over all orders (LMG), by subsets.
lmg <- function(x, y, u) {
  p <- ncol(x)
  r2 <- vapply(0:(2^p - 1), function(mask) {
    set <- which(bitwAnd(mask, 2^(seq_len(p) - 1)) > 0)
    if (!length(set)) return(0)
    fit <- lm.wfit(cbind(1, x[, set, drop = FALSE]), y, u)
    1 - sum(u * fit$residuals^2) / sum(u * (y - weighted.mean(y, u))^2)
  }, 0)
  vapply(seq_len(p), function(j) {
    without <- which(bitwAnd(0:(2^p - 1), 2^(j - 1)) == 0) - 1
    sizes <- vapply(without, function(m) sum(bitwAnd(m, 2^(seq_len(p) - 1)) > 0), 0)
    sum((r2[without + 2^(j - 1) + 1] - r2[without + 1]) / (p * choose(p - 1, sizes)))
  }, 0)
}

score <- function(id) {
  at <- which(vapply(recipe$questions, function(q) isTRUE(q$here) && q$item == id && q$kind %in% c("construct", "number"), NA))
  if (!length(at)) return(NULL)
  layouts[[at[1]]]$y[, 1]
}

for (m in recipe$models) {
  fit <- Filter(function(f) f$id == m$id, published$models)[[1]]
  if (isTRUE(fit$suppressed)) { skip("hidden: too few answers"); next }
  columns <- lapply(c(chr(m$predictors), m$outcome), score)
  if (any(vapply(columns, is.null, NA))) { skip("about background variables that are not in this package"); next }
  p <- length(m$predictors)
  x <- do.call(cbind, columns[seq_len(p)]); y <- columns[[p + 1]]
  colnames(x) <- paste0("x", seq_len(p))
  full <- complete.cases(x, y)
  x[!full, ] <- NA; y[!full] <- NA
  des <- design
  des$variables <- cbind(des$variables, x, y = y, o = factor(round(y, 6)))
  right <- paste(colnames(x), collapse = "+")
  lin <- svyglm(as.formula(paste("y ~", right)), des)
  u <- w[full]; x <- x[full, , drop = FALSE]; y <- y[full]
  rss <- sum(u * lm.wfit(cbind(1, x), y, u)$residuals^2)
  sd_w <- function(v) sqrt(sum(u * (v - weighted.mean(v, u))^2))
  r2 <- 1 - rss / sum(u * (y - weighted.mean(y, u))^2)
  compare("models", paste(m$id, "n"), sum(full), fit$n, 0)
  compare("models", paste(m$id, "R2"), r2, fit$r2, closed)
  compare("models", paste(m$id, "df"), lin$df.residual, fit$df, closed)
  vif <- diag(solve(cov2cor(cov.wt(x, u)$cov)))
  importance <- lmg(x, y, u) / r2
  ci <- confint(lin, ddf = lin$df.residual)
  odds <- NULL
  if (is.null(fit$note)) {
    s <- subset(des, full)
    for (name in c(colnames(x), "o")) { # svyolr stumbles over missing values at weight 0
      v <- s$variables[[name]]; v[is.na(v)] <- v[!is.na(v)][1]; s$variables[[name]] <- v
    }
    odds <- svyolr(as.formula(paste("o ~", right)), s, control = list(reltol = 1e-16, maxit = 3000, ndeps = rep(1e-5, p + nlevels(s$variables$o) - 1)))
  } else skip("odds that could not be estimated")
  mine <- Filter(function(d) d$outcome == m$outcome && d$predictor %in% chr(m$predictors), published$drivers)
  for (j in seq_len(p)) {
    d <- Filter(function(d) d$predictor == m$predictors[[j]], mine)[[1]]
    what <- paste(m$id, d$predictor)
    compare("models", paste(what, "estimate"), coef(lin)[j + 1], d$estimate, closed)
    compare("models", paste(what, "se"), SE(lin)[j + 1], d$se, closed)
    compare("models", paste(what, "interval"), ci[j + 1, ], c(d$low, d$high), closed)
    compare("models", paste(what, "p"), summary(lin)$coefficients[j + 1, 4], d$p, tails)
    compare("models", paste(what, "standardised"), coef(lin)[j + 1] * sd_w(x[, j]) / sd_w(y), d$standard, closed)
    compare("models", paste(what, "standardised, se"), SE(lin)[j + 1] * sd_w(x[, j]) / sd_w(y), d$standard_se, closed)
    compare("models", paste(what, "vif"), vif[j], d$vif, closed)
    compare("models", paste(what, "importance"), importance[j], d$importance, closed)
    if (!is.null(odds)) {
      compare("models", paste(what, "log odds"), odds$coefficients[j], d$log_odds, iterated)
      compare("models", paste(what, "log odds, se"), sqrt(diag(odds$var))[j], d$log_odds_se, iterated)
    }
  }
  skip("intervals of importance and R2, which come from a bootstrap with the program's own random numbers", 2 + 2 * p)
}

# ---- benchmarks -------------------------------------------------------------------------------------------------------

wilson <- function(p, n, level = .95) {
  z <- qnorm((1 + level) / 2)
  (p + z^2 / (2 * n) + c(-1, 1) * z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))) / (1 + z^2 / n)
}
for (b in published$benchmarks) {
  got <- figures[[key("share", b$item, b$option, group_key(NULL))]]
  if (is.null(got)) { skip("about background variables that are not in this package"); next }
  s <- Filter(function(s) is.null(s$group) && s$item == b$item && s$option == b$option, published$shares)[[1]]
  own <- function(level) limits(got$share, got$se, got$d$base, got$d$kish, got$d$df, s$method, level)
  difference <- function(level) { # Newcombe (1998), method 10
    ours <- own(level); theirs <- wilson(b$published, b$n, level)
    got$share - b$published + c(-sqrt((got$share - ours[1])^2 + (theirs[2] - b$published)^2), sqrt((ours[2] - got$share)^2 + (b$published - theirs[1])^2))
  }
  compare("benchmarks", paste(b$id, "ours"), c(got$share, own(.95)), c(b$ours, b$ours_low, b$ours_high), closed)
  compare("benchmarks", paste(b$id, "published interval"), wilson(b$published, b$n), c(b$low, b$high), closed)
  compare("benchmarks", paste(b$id, "difference"), got$share - b$published, b$diff, closed)
  compare("benchmarks", paste(b$id, "difference, interval"), difference(.95), c(b$diff_low, b$diff_high), closed)
  # p is one minus the level at which the interval just touches zero.
  end <- function(log_p) { d <- difference(1 - exp(log_p)); if (got$share > b$published) d[1] else d[2] }
  if (got$share != b$published && b$p > 1e-10) {
    p <- exp(uniroot(end, c(log(1e-11), log(1 - 1e-9)), tol = 1e-12)$root)
    compare("benchmarks", paste(b$id, "p"), p, b$p, tails)
  } else skip("p-values of benchmarks below 1e-10")
}
if (length(published$changes)) skip("changes since an earlier wave, which need its answers too", length(published$changes))
if (length(published$pooled)) skip("pooled estimates of small cells", length(published$pooled))

# ---- what became of each question -------------------------------------------------------------------------------------

for (q in published$questions) {
  if (q$kind %in% c("construct", "indicator", "multiple") || !here(q$id)) next
  value <- cells[[q$id]]
  of <- function(kind, token) sum(value == token | value %in% chr(lapply(Filter(function(o) identical(o$missing, kind), q$options), function(o) o$id)))
  compare("questions", paste(q$id, "not asked"), sum(!asked[[q$id]]), q$not_asked, 0)
  compare("questions", paste(q$id, "no answer"), sum(value == "(no answer)"), q$no_answer, 0)
  compare("questions", paste(q$id, "don't know"), of("dont-know", "(don't know)"), q$dont_know, 0)
  compare("questions", paste(q$id, "not applicable"), of("not-applicable", "(not applicable)"), q$not_applicable, 0)
}

# ---- answers.sav ------------------------------------------------------------------------------------------------------

if (requireNamespace("haven", quietly = TRUE)) {
  spss <- haven::read_sav(path("answers.sav"), user_na = TRUE)
  compare("answers.sav", "columns", identical(names(spss), names(raw)), TRUE, 0)
  compare("answers.sav", "rows", nrow(spss), n, 0)
  compare("answers.sav", "weight", as.numeric(spss[[recipe$weight]]), weight, 1e-12)
  for (name in names(raw)) {
    codes <- recipe$codes[[name]]
    if (is.null(codes)) next
    value <- as.numeric(spss[[name]])
    compare("answers.sav", name, value, as.numeric(unlist(codes)[match(raw[[name]], names(codes))]), 1e-12)
    if (inherits(spss[[name]], "haven_labelled_spss")) {
      absent <- grepl("^\\(", raw[[name]])
      compare("answers.sav", paste(name, "missing"), all(is.na(spss[[name]])[absent]), TRUE, 0)
    }
  }
} else skip("answers.sav, because the package haven is not installed")

# ---- summary ----------------------------------------------------------------------------------------------------------

cat("Figures recomputed from answers.csv and compared with findings.json:\n")
for (kind in names(compared)) cat(sprintf("  %-14s %d\n", kind, compared[[kind]]))
if (length(skipped)) {
  cat("Not recomputed:\n")
  for (why in names(skipped)) cat(sprintf("  %d: %s\n", skipped[[why]], why))
}
cat(sprintf("Largest relative difference allowed: %g; tests %g, p-values %g, iteration %g.\n", closed, tested, tails, iterated))
if (length(wrong)) {
  cat(sprintf("%d figures DIFFER:\n", length(wrong)))
  cat(paste0("  ", head(wrong, 50), "\n"), sep = "")
  quit(status = 1)
}
cat("All figures agree.\n")
