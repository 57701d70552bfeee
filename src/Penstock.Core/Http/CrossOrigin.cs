using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Penstock.Snapshot;

namespace Penstock.Http;

/// <summary>
/// CORS for the origins that <c>cors_origins</c> lists; without that list a browser lets no other site read our
/// answers. Credentials are never allowed: keys travel in headers that a page must set itself.
/// </summary>
internal static class CrossOrigin
{
    private const string PreflightSeconds = "600";

    public static void UseCrossOrigin(this IApplicationBuilder app, SnapshotSource snapshots) => app.Use(next => context =>
    {
        var allowed = snapshots.Current.Settings.CorsOrigins;
        return allowed.IsEmpty || context.Request.Headers.Origin.Count == 0 ? next(context) : HandleAsync(context, allowed, next);
    });

    private static Task HandleAsync(HttpContext context, ImmutableArray<string> allowed, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        var grant = Grant(headers.Origin.ToString(), allowed);
        if (HttpMethods.IsOptions(context.Request.Method) && headers.AccessControlRequestMethod.Count > 0)
        {
            AnswerPreflight(context, grant);
            return Task.CompletedTask;
        }

        // At the last moment, since the provider's answer brings headers of its own.
        context.Response.OnStarting(
            static state =>
            {
                var (response, grant) = ((HttpResponse, string?))state;
                AddGrant(response.Headers, grant);
                return Task.CompletedTask;
            },
            (context.Response, grant));
        return next(context);
    }

    /// <returns>What the answer says it may be read by, or null.</returns>
    private static string? Grant(string origin, ImmutableArray<string> allowed) =>
        allowed.Contains("*") ? "*" : allowed.Contains(origin, StringComparer.OrdinalIgnoreCase) ? origin : null;

    private static void AnswerPreflight(HttpContext context, string? grant)
    {
        var headers = context.Response.Headers;
        context.Response.StatusCode = grant is null ? StatusCodes.Status403Forbidden : StatusCodes.Status204NoContent;
        AddGrant(headers, grant);
        if (grant is null) return;
        headers.AccessControlAllowMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";

        // By name and not "*", which would not cover Authorization.
        headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = PreflightSeconds;
    }

    private static void AddGrant(IHeaderDictionary headers, string? grant)
    {
        if (grant != "*") headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.Origin);
        if (grant is null) return;
        headers.AccessControlAllowOrigin = grant;

        // All: the x-portkey-* ones, and the provider's request id and rate limits.
        headers.AccessControlExposeHeaders = "*";
    }
}
