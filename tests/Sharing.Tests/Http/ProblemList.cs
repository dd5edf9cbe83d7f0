using Sharing.AspNetCore;

namespace Sharing.Tests.Http;

/// <summary>The package's own list of problems.</summary>
static class ProblemList
{
    public static IReadOnlyDictionary<string, (int Status, string Title)> All { get; } = (IReadOnlyDictionary<string, (int Status, string Title)>)
        typeof(CallerOptions).Assembly.GetType("Sharing.AspNetCore.Problems", throwOnError: true)!.GetProperty("All")!.GetValue(null)!;
}
