using System.Globalization;
using Penstock.Snapshot;

namespace Penstock.Hosting;

/// <summary>Says in a few words what a settings file brings.</summary>
internal static class SnapshotSummary
{
    public static string Of(GatewaySnapshot snapshot)
    {
        var custom = Count(snapshot.Catalogue.Rows.Count(row => row.IsCustom), "custom provider");
        var saved = Count(snapshot.SavedPlans.Count, "saved config");
        return $"{custom}, {saved}{(snapshot.DefaultPlan is null ? "" : ", a default config")}";
    }

    private static string Count(int count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{(count == 0 ? "no" : count)} {thing}{(count == 1 ? "" : "s")}");
}
