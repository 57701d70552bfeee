using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Penstock.Auth;
using Penstock.Hosting;
using Penstock.Pipeline;
using Penstock.Providers;
using Penstock.Routing;
using Penstock.Snapshot;

namespace Penstock.Http;

/// <summary>Everything below <c>/v1/</c>: receive, plan, route, respond. Faults become answers here and nowhere else.</summary>
internal sealed partial class GatewayEndpoint(
    SnapshotSource snapshots,
    PlanFinder plans,
    Router router,
    ModelList models,
    Drain drain,
    TimeProvider time,
    ILogger<GatewayEndpoint> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        var traceId = TraceId.For(context.Request.Headers);
        ReplyHeaders.AddTrace(context.Response.Headers, traceId);
        drain.Enter();
        try
        {
            if (drain.IsDraining) context.Response.Headers.Connection = "close";
            await ServeAsync(context, traceId);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            LogLeft(traceId);
        }
        catch (BadHttpRequestException e)
        {
            await AnswerAsync(context, GatewayError.BadRequest($"The request body could not be read: {e.Message.TrimEnd('.')}. Send it whole, in the framing that its headers announce.", code: "invalid_body") with { Status = e.StatusCode });
        }
        catch (Exception e)
        {
            LogBug(e, traceId);
            await AnswerAsync(context, new GatewayError(500, $"The gateway failed to handle this request; its log says why, under the trace id {traceId}.", "server_error", "internal_error"));
        }
        finally
        {
            drain.Leave();
        }
    }

    private async Task ServeAsync(HttpContext context, string traceId)
    {
        var request = context.Request;
        var path = request.Path.Value ?? "/";
        if (RouteTable.IsReserved(path))
        {
            await AnswerAsync(context, new GatewayError(501, "This route belongs to the admin API, which this version does not have. A provider's own path of that name is not reached through it either.", GatewayError.InvalidRequest, "not_implemented"));
            return;
        }

        if (!RouteTable.Takes(request.Method))
        {
            context.Response.Headers.Allow = RouteTable.Methods;
            await AnswerAsync(context, new GatewayError(405, $"The method is not one of the API's. Use one of {RouteTable.Methods}.", GatewayError.InvalidRequest, "method_not_allowed"));
            return;
        }

        var operation = RouteTable.Find(request.Method, path);
        var error = BodyReader.CheckContentType(request, operation);
        var snapshot = snapshots.Current;
        if (error is null)
        {
            error = plans.Find(request, snapshot, out var routed);
            if (error is null)
            {
                await RouteAsync(context, traceId, operation, path, snapshot, routed);
                return;
            }
        }

        await AnswerAsync(context, error);
    }

    private async Task RouteAsync(HttpContext context, string traceId, Operation operation, string path, GatewaySnapshot snapshot, Routed routed)
    {
        var request = context.Request;
        if (operation == Operation.Realtime && RealtimeRoute.Refusal(request) is { } refusal)
        {
            await AnswerAsync(context, refusal);
            return;
        }

        if (operation == Operation.Models && HttpMethods.IsGet(request.Method) && ModelList.Serves(path, routed))
        {
            await models.WriteAsync(context, snapshot);
            return;
        }

        using var exchange = new Exchange
        {
            Snapshot = snapshot,
            Operation = operation,
            Method = HttpMethod.Parse(request.Method),
            RawTarget = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            PathName = path,
            Headers = request.Headers,
            TraceId = traceId,
            Caller = CallerCredential.From(request.Headers),
            MayUseEnvironmentKeys = routed.IsLocal,
            ClientGone = context.RequestAborted,
            Cut = drain.CutToken,
            Overrides = routed.Overrides,
            HeaderProvider = routed.Provider,
            PlanIsOperators = routed.IsOperators,
        };
        if (await BodyReader.ReadAsync(context, exchange, snapshot.Settings.Limits, time) is { } fault)
        {
            await AnswerAsync(context, fault);
            return;
        }

        using var outcome = await router.RunAsync(routed.Plan.Root, exchange);
        exchange.ReleaseBody();
        await ReplyWriter.WriteAsync(context, exchange, outcome);
    }

    private static async Task AnswerAsync(HttpContext context, GatewayError error)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        await ReplyWriter.WriteErrorAsync(context, error);
    }

    [LoggerMessage(LogLevel.Debug, "{TraceId}: the client left.")]
    private partial void LogLeft(string traceId);

    [LoggerMessage(LogLevel.Error, "{TraceId}: the request failed in the gateway.")]
    private partial void LogBug(Exception exception, string traceId);
}
