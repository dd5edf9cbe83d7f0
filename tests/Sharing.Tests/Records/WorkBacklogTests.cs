using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Records;

/// <summary>Work that nobody does is told.</summary>
public sealed class WorkBacklogTests
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    readonly FakeTimeProvider _time = new();
    readonly MemoryRecordStore _records = new();

    [Fact]
    public async Task Only_what_was_due_for_long_is_overdue_and_each_queue_is_told_once()
    {
        await ScheduleAsync("first", "a", TimeSpan.Zero);
        await ScheduleAsync("first", "b", TimeSpan.FromMinutes(1));
        await ScheduleAsync("second", "a", TimeSpan.FromMinutes(2));
        await ScheduleAsync("third", "a", TimeSpan.FromHours(1));
        var backlog = new WorkBacklog(_records, _time);
        Assert.Empty(await backlog.OverdueAsync(Patience));

        _time.Advance(TimeSpan.FromMinutes(7));
        var overdue = await backlog.OverdueAsync(Patience);
        Assert.Equal([("first", 7), ("second", 5)], overdue.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, (int)one.Value.TotalMinutes)));

        Assert.NotNull(await new WorkQueue(_records, _time, "second").ClaimAsync(TimeSpan.FromMinutes(1))); // somebody is at it
        Assert.Equal(["first"], (await backlog.OverdueAsync(Patience)).Keys);
    }

    [Fact]
    public async Task The_health_check_says_so()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(_time).AddKeyedSingleton<IRecordStore>("driver", _records);
        builder.Services.AddSharing(_ => { }).AddHealthChecks().AddSharing();
        await using var app = builder.Build();
        var health = app.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);

        await ScheduleAsync("ingest", "a", TimeSpan.Zero);
        _time.Advance(TimeSpan.FromMinutes(6));
        var report = await health.CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains("ingest for 6 min", report.Entries["sharing"].Description, StringComparison.Ordinal);
    }

    async Task ScheduleAsync(string queue, string id, TimeSpan after)
    {
        var batch = new RecordBatch();
        await new WorkQueue(_records, _time, queue).ScheduleAsync(batch, id, _time.GetUtcNow() + after, WorkLoop.NoPayload);
        Assert.True((await _records.CommitAsync(batch)).Committed);
    }
}
