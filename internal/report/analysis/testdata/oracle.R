# Recomputes the Findings of whole waves from the files with answers alone, with survey, psych and MASS.
# Usage: Rscript oracle.R waves.json answers.json
source("testdata/wave.R")
suppressPackageStartupMessages(library(psych))
args <- commandArgs(trailingOnly = TRUE)
waves <- fromJSON(args[1], simplifyVector = FALSE)

# Shares and means of every question, overall and in every group.
figures <- function(wave, des, answers, raw) {
  shares <- list(); means <- list(); spots <- 0
  for (q in wave$questions) {
    l <- laid_out(q, answers)
    scores <- q$kind %in% c("construct", "number")
    for (by in c(list(NULL), q$by)) {
      g <- if (is.null(by)) rep("", nrow(raw)) else groups_of(answers, raw, by)
      for (value in sort(unique(g[!is.na(g)]))) {
        inside <- l$inside & !is.na(g) & g == value
        if (!any(inside)) next
        d <- domain(des, inside, l$y)
        if (scores) {
          w <- weights(des)[inside]; y <- l$y[inside]
          sd <- sqrt(sum(w * (y - d$mean)^2) / sum(w) * sum(inside) / (sum(inside) - 1))
          means[[length(means) + 1]] <- list(construct = q$id, by = by, value = value, base = d$base, mean = d$mean, sd = sd, se = d$se,
            low = d$mean - qt(.975, d$df) * d$se, high = d$mean + qt(.975, d$df) * d$se)
          next
        }
        spots <- spots + 1
        if (spots %% wave$spot == 0) {
          k <- which.max(d$mean * (1 - d$mean))
          spot_check(des, inside, l$y[, k], list(mean = d$mean[k], se = d$se[k], df = d$df, base = d$base, kish = d$kish))
        }
        for (k in seq_along(d$mean)) {
          p <- d$mean[k]; se <- d$se[k]
          method <- if (p <= 1e-12 || p >= 1 - 1e-12 || p * (1 - p) / se^2 * min(p, 1 - p) < 5 - 1e-9) "beta" else "logit"
          ci <- limits(p, se, d$base, d$kish, d$df, method)
          shares[[length(shares) + 1]] <- list(item = q$item, option = if (is.null(q[["option"]])) chr(q$options)[k] else q[["option"]], by = by,
            value = value, n = sum(l$y[inside, k]), base = d$base, share = p, se = se, low = ci[1], high = ci[2], method = method)
        }
      }
    }
  }
  list(shares = shares, means = means)
}

# Noncentralities under which f is the upper and the lower tail quantile.
noncentral <- function(f, df1, df2) {
  at <- function(p) {
    if (pf(f, df1, df2) <= p) return(0)
    uniroot(function(l) pf(f, df1, df2, ncp = l) - p, c(0, 10 * df1 * f + 100), tol = 1e-12)$root
  }
  c(at(.975), at(.025))
}

tests <- function(wave, des, answers, raw) {
  lapply(wave$tests, function(t) {
    q <- wave$questions[[t$question]]
    l <- laid_out(q, answers)
    g <- groups_of(answers, raw, t$by)
    inside <- l$inside & g %in% chr(t$groups)
    g[!inside] <- NA
    des$variables$g <- factor(g)
    if (q$kind %in% c("construct", "number")) {
      des$variables$y <- ifelse(inside, l$y[, 1], NA)
      r <- regTermTest(svyglm(y ~ g, des), ~g)
      w <- weights(des)[inside]; y <- l$y[inside]; m <- weighted.mean(y, w)
      fitted <- ave(w * y, g[inside], FUN = sum) / ave(w, g[inside], FUN = sum)
      between <- sum(w * (fitted - m)^2); within <- sum(w * (y - fitted)^2)
      # What sampling alone puts between the groups, from the covariance of their means.
      v <- vcov(svyglm(y ~ g - 1, des)); share <- as.numeric(tapply(w, g[inside], sum))
      unit <- (sum(share * diag(v)) - sum(v * outer(share, share)) / sum(share)) / r$df / within
      lambda <- noncentral(as.numeric(r$Ftest), r$df, r$ddf)
      effect <- between / (between + within)
      ci <- lambda * unit / (1 + lambda * unit)
      return(list(f = as.numeric(r$Ftest), df1 = r$df, df2 = r$ddf, p = as.numeric(r$p), effect = effect,
                  low = min(ci[1], effect), high = max(ci[2], effect)))
    }
    if (q$kind == "indicator" || !is.null(q[["option"]])) y <- l$y[, 1] else y <- max.col(l$y)
    y[!inside] <- NA
    des$variables$y <- factor(y)
    s <- if (is.null(des$postStrata)) des[which(inside), ] else des
    used <- inside & weights(des) > 0
    df <- length(unique(des$cluster[used, 1])) - length(unique(des$strata[used, 1]))
    r <- svychisq(~y + g, s, statistic = "F")
    f <- as.numeric(r$statistic); df1 <- as.numeric(r$parameter[1])
    tab <- svytable(~y + g, s)
    tab <- tab[rowSums(tab) > 0, colSums(tab) > 0, drop = FALSE]
    x2 <- as.numeric(chisq.test(tab, correct = FALSE)$statistic)
    size <- min(dim(tab)) - 1
    phi <- x2 / sum(tab)
    ci <- sqrt(pmin(1, noncentral(f, df1, df1 * df) * phi / f / df1 / size))
    effect <- sqrt(phi / size)
    list(f = f, df1 = df1, df2 = df1 * df, p = pf(f, df1, df1 * df, lower.tail = FALSE), effect = effect,
         low = min(ci[1], effect), high = max(ci[2], effect))
  })
}

# The minimum of the squared residuals off the diagonal, to more digits than fa() stops at.
minres <- function(r, start) {
  f <- function(l) sum((r - l %o% l)[lower.tri(r)]^2)
  gradient <- function(l) { e <- r - l %o% l; diag(e) <- 0; -2 * drop(e %*% l) }
  for (i in 1:20) start <- optim(start, f, gradient, method = "BFGS", control = list(reltol = 1e-18, maxit = 5000))$par
  if (sum(start) < 0) -start else start
}

reliability <- function(q, answers) {
  x <- laid_out(q, answers)$items
  x <- as.data.frame(x[complete.cases(x), ])
  names(x) <- paste0("i", seq_along(x))
  sink("/dev/null"); a <- psych::alpha(x, warnings = FALSE); sink()
  loadings <- minres(cor(x), as.numeric(fa(x, 1)$loadings))
  omega <- suppressMessages(suppressWarnings(psych::omega(x, nfactors = 1, plot = FALSE)))$omega.tot
  list(construct = q$id, n = nrow(x), alpha = a$total$raw_alpha, low = a$feldt$lower.ci[[1]], high = a$feldt$upper.ci[[1]],
       omega = omega, rest = a$item.stats$r.drop, dropped = a$alpha.drop$raw_alpha, loadings = loadings)
}

# Mean gain in explained variance of each predictor over all orders, by enumeration.
lmg <- function(x, y, w) {
  r2 <- function(set) {
    if (!length(set)) return(0)
    fit <- lm.wfit(cbind(1, x[, set, drop = FALSE]), y, w)
    1 - sum(w * fit$residuals^2) / sum(w * (y - weighted.mean(y, w))^2)
  }
  orders <- function(v) if (length(v) <= 1) list(v) else
    do.call(c, lapply(seq_along(v), function(i) lapply(orders(v[-i]), function(o) c(v[i], o))))
  all <- orders(seq_len(ncol(x)))
  part <- numeric(ncol(x))
  for (o in all) for (i in seq_along(o)) part[o[i]] <- part[o[i]] + r2(o[seq_len(i)]) - r2(o[seq_len(i - 1)])
  part / length(all)
}

model <- function(m, wave, des, answers) {
  score <- function(id) laid_out(Filter(function(q) identical(q$id, id), wave$questions)[[1]], answers)$y[, 1]
  x <- sapply(chr(m$predictors), score); y <- score(m$outcome)
  colnames(x) <- paste0("x", seq_len(ncol(x)))
  full <- complete.cases(x, y)
  x[!full, ] <- NA; y[!full] <- NA
  des$variables <- cbind(des$variables, x, y = y, o = factor(round(y, 6)))
  right <- paste(colnames(x), collapse = "+")
  fit <- svyglm(as.formula(paste("y ~", right)), des)
  w <- weights(des)[full]; x <- x[full, ]; y <- y[full]
  rss <- sum(w * lm.wfit(cbind(1, x), y, w)$residuals^2)
  sd_w <- function(v) sqrt(sum(w * (v - weighted.mean(v, w))^2))
  r2 <- 1 - rss / sum(w * (y - weighted.mean(y, w))^2)
  part <- lmg(x, y, w)
  s <- subset(des, full)
  for (name in c(colnames(x), "o")) { # svyolr stumbles over missing values at weight 0
    v <- s$variables[[name]]; v[is.na(v)] <- v[!is.na(v)][1]; s$variables[[name]] <- v
  }
  ordinal <- svyolr(as.formula(paste("o ~", right)), s,
    control = list(reltol = 1e-16, maxit = 3000, ndeps = rep(1e-5, ncol(x) + nlevels(s$variables$o) - 1)))
  list(id = m$id, n = sum(full), r2 = r2, df = fit$df.residual, estimate = unname(coef(fit)[-1]), se = unname(SE(fit)[-1]),
       p = unname(summary(fit)$coefficients[-1, 4]), low = unname(confint(fit, ddf = fit$df.residual)[-1, 1]),
       high = unname(confint(fit, ddf = fit$df.residual)[-1, 2]),
       standard = unname(coef(fit)[-1] * apply(x, 2, sd_w) / sd_w(y)), vif = unname(diag(solve(cov2cor(cov.wt(x, w)$cov)))),
       importance = part / r2, odds = unname(ordinal$coefficients), odds_se = unname(sqrt(diag(ordinal$var))[seq_len(ncol(x))]))
}

wilson <- function(p, n) {
  z <- qnorm(.975)
  (p + z^2 / (2 * n) + c(-1, 1) * z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))) / (1 + z^2 / n)
}

answer <- function(wave) {
  raw <- as.data.frame(fread(wave$csv, colClasses = "character", na.strings = NULL, encoding = "UTF-8", header = TRUE, strip.white = FALSE))
  answers <- recode(wave, raw)
  des <- design_of(wave, raw, answers)
  w <- weights(des)
  t <- tests(wave, des, answers, raw)
  f <- figures(wave, des, answers, raw)
  constructs <- Filter(function(q) q$kind == "construct", wave$questions)
  list(respondents = nrow(raw),
    weights = list(kish = length(w) * sum(w^2) / sum(w)^2, effective = sum(w)^2 / sum(w^2), min = min(w) / mean(w), max = max(w) / mean(w)),
    degf = degf(des), shares = f$shares, means = f$means, tests = t, adjusted = p.adjust(vapply(t, function(x) x$p, 0), "holm"),
    reliability = lapply(constructs, reliability, answers),
    models = lapply(wave$models, model, wave, des, answers),
    wilson = lapply(wave$published, function(b) wilson(b$share, b$n)))
}

write(toJSON(lapply(waves, answer), digits = NA, auto_unbox = TRUE, null = "null", na = "null"), args[2])
