using System.CommandLine;
using Penstock.Bench.Cases;
using Penstock.Bench.Gateways;
using Penstock.Bench.Measuring;
using Penstock.Bench.Reports;

namespace Penstock.Bench.Verbs;

/// <summary>Measures everything and reports.</summary>
internal static class RunVerb
{
    public static Command Create()
    {
        var repository = new Option<string>("--repository") { Required = true, Description = "The root of the source tree." };
        var quick = new Option<bool>("--quick") { Description = "About a minute and a half: fewer cases, fewer rounds, shorter stretches." };
        var only = new Option<string?>("--only") { Description = $"Cases, separated by commas: {string.Join(", ", CaseList.All.Select(one => one.Name))}." };
        var names = new Option<string?>("--gateways") { Description = $"Gateways, separated by commas: {string.Join(", ", GatewayList.All.Select(gateway => gateway.Name))}." };
        var without = new Option<string?>("--without") { Description = "Gateways to leave out." };
        var command = new Command("run", "Measures everything and prints a table.") { repository, quick, only, names, without };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var effort = parsed.GetValue(quick) ? Effort.Quick : Effort.Full;
            var cases = parsed.GetValue(only) is { } wanted
                ? [.. wanted.Split(',').Select(CaseList.Find)]
                : CaseList.All.Where(one => one.IsQuick || effort == Effort.Full).ToList();
            return await RunAsync(cases, GatewayList.Choose(parsed.GetValue(names), parsed.GetValue(without)), effort, parsed.GetRequiredValue(repository), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<Case> cases, IReadOnlyList<Gateway> gateways, Effort effort, string repository, CancellationToken cancellationToken)
    {
        ResultTable results;
        using (var suite = new Suite(cases, gateways, effort, repository)) results = await suite.RunAsync(cancellationToken);
        Console.WriteLine(TextReport.Write(results, cases, gateways));

        var report = JsonReport.Of(results, effort.Name, cases, gateways);
        var folder = Directory.CreateDirectory(Path.Combine(repository, "bench/results")).FullName;
        var file = Path.Combine(folder, $"{report.At:yyyyMMdd-HHmmss}-{effort.Name}");
        await File.WriteAllTextAsync(file + ".json", report.ToJson(), cancellationToken);
        await File.WriteAllTextAsync(file + ".md", MarkdownReport.Write(results, cases, gateways), cancellationToken);
        Console.WriteLine($"Written to {Path.GetRelativePath(repository, file)}.json, and a summary to .md beside it.");
        return results.Failures.Count == 0 ? 0 : 1;
    }
}
