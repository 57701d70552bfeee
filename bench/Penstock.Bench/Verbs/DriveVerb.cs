using System.CommandLine;
using System.Net;
using Penstock.Bench.Cases;
using Penstock.Bench.Load;

namespace Penstock.Bench.Verbs;

/// <summary>Drives load at anything that listens, for a look by hand.</summary>
internal static class DriveVerb
{
    public static Command Create()
    {
        var address = new Argument<IPEndPoint>("address") { CustomParser = result => IPEndPoint.Parse(result.Tokens[0].Value), Description = "IP address and port." };
        var caseName = new Option<string>("--case") { DefaultValueFactory = _ => "chat", Description = "Whose request to send." };
        var header = new Option<string[]>("--header") { Description = "\"Name: value\", sent with each request." };
        var connections = new Option<int>("--connections") { DefaultValueFactory = _ => 16 };
        var seconds = new Option<double>("--seconds") { DefaultValueFactory = _ => 5 };
        var rate = new Option<double>("--rate") { Description = "Requests a second, in an open loop. Without it a closed loop runs." };
        var command = new Command("drive", "Drives load at an address and prints what came of it.") { address, caseName, header, connections, seconds, rate };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var target = parsed.GetRequiredValue(address);
            var call = CaseList.Find(parsed.GetRequiredValue(caseName)).Call;
            var headers = parsed.GetValue(header)?.Select(line => line.Split(':', 2)).Select(pair => (pair[0].Trim(), pair[1].Trim())) ?? [];
            var request = call.ToHttp(target, call.Model, headers);
            Reply expected;
            using (var connection = await Connection.OpenAsync(target, cancellationToken)) expected = await connection.CallAsync(request, cancellationToken);
            var duration = TimeSpan.FromSeconds(parsed.GetValue(seconds));
            var result = parsed.GetValue(rate) is > 0 and var perSecond
                ? await OpenLoop.RunAsync(target, request, expected, perSecond, parsed.GetValue(connections), duration, cancellationToken)
                : await ClosedLoop.RunAsync(target, request, expected, parsed.GetValue(connections), duration, TimeSpan.Zero, cancellationToken);
            Console.WriteLine($"first answer: {expected.Describe()}");
            Console.WriteLine($"{result.Requests} requests, {result.Events} events, {result.Failures} failures in {result.Elapsed.TotalSeconds:0.00} s: {result.Requests / result.Elapsed.TotalSeconds:0} requests/s");
            Console.WriteLine($"latency p50 {result.Latency.P50:0.000} ms, p99 {result.Latency.P99:0.000} ms; first token p50 {result.FirstToken.P50:0.000} ms, p99 {result.FirstToken.P99:0.000} ms");
            if (result.Fault is not null) Console.WriteLine(result.Fault);
            return result.Failures == 0 ? 0 : 1;
        });
        return command;
    }
}
