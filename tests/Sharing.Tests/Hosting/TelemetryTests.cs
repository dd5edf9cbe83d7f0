using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.Core;
using Sharing.Tests.Content;
using Sharing.Tests.Laws;

namespace Sharing.Tests.Hosting;

/// <summary>What an operator can watch (docs/watching.md).</summary>
public sealed partial class TelemetryTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task What_a_host_does_is_measured()
    {
        var (measured, activities) = (new ConcurrentBag<string>(), new ConcurrentBag<string>());
        using var meters = new MeterListener { InstrumentPublished = static (instrument, listener) => _ = instrument.Meter.Name == "Sharing" && Enable(listener, instrument) };
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => measured.Add($"{instrument.Name} {Text(tags)}"));
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Add($"{instrument.Name} {Text(tags)} {value}"));
        meters.Start();
        using var traces = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Sharing", Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => activities.Add($"{activity.OperationName} {activity.Recorded}"),
        };
        ActivitySource.AddActivityListener(traces);
        await using var origin = await Origin.StartAsync();
        await using var host = await SharingHost.StartAsync(static sharing => sharing.AddDownloadServer());
        var address = origin.Serve("film", new byte[200_000]);
        await host.Get<IOfflineStore>().KeepAsync(PersonId.Parse("anna"), new Resource { Address = address, Name = "film" }, Cancel);
        while (!measured.Contains("sharing.work.duration queue=ingest outcome=done"))
        {
            await Task.Delay(10, Cancel);
        }

        Assert.Contains("sharing.records.commit.duration outcome=committed", measured);
        Assert.Contains("sharing.work.lag queue=ingest", measured);
        Assert.Contains(measured, static one => one.StartsWith("sharing.transfer.io source=origin", StringComparison.Ordinal));
        Assert.Contains("work ingest True", activities);

        static bool Enable(MeterListener listener, Instrument instrument)
        {
            listener.EnableMeasurementEvents(instrument);
            return true;
        }

        static string Text(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = new List<string>();
            foreach (var (name, value) in tags)
            {
                text.Add($"{name}={value}");
            }

            return string.Join(' ', text);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task The_server_sends_metrics_and_traces_to_a_collector()
    {
        using var folder = new TemporaryFolder();
        var came = new ConcurrentDictionary<string, byte[]>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        await using var collector = builder.Build();
        collector.MapPost("/v1/{kind}", async (string kind, HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body, Cancel);
            came.AddOrUpdate(kind, body.ToArray(), (_, before) => [.. before, .. body.ToArray()]);
        });
        await collector.StartAsync(Cancel);
        await using (var app = global::Sharing.Server.ServerHost.Build(["--urls=http://127.0.0.1:0", $"--Sharing:Data={folder.Path}", $"--Sharing:Otlp={collector.Urls.First()}", "--Sharing:Roles:0=photos", "--Logging:LogLevel:Default=None"]))
        {
            await app.StartAsync(Cancel);
            await app.Services.GetRequiredService<IRecordStore>().CommitAsync(new RecordBatch().Put(RecordKey.Of("thing"), "1"u8.ToArray(), RecordBatch.Any), Cancel);
            using var http = new HttpClient();
            await http.GetStringAsync(new Uri(app.Urls.First() + "/health/ready"), Cancel);
            await app.StopAsync(Cancel);
        }

        Assert.Contains("sharing.records.commit.duration", Encoding.Latin1.GetString(came["metrics"]), StringComparison.Ordinal);
        Assert.Contains("/health/ready", Encoding.Latin1.GetString(came["traces"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_instrument_is_on_the_page_and_the_page_has_no_other()
    {
        var source = File.ReadAllText(Path.Combine(Repository.Root, "src", "Sharing.Core", "Diagnostics", "Telemetry.cs"));
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "watching.md"));
        Assert.Equal(
            Instrument().Matches(source).Select(static match => match.Groups[1].Value).Order(StringComparer.Ordinal),
            Row().Matches(page).Select(static match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("\"(sharing\\.[a-z.]+)\"")]
    private static partial Regex Instrument();

    [GeneratedRegex("\\| `(sharing\\.[a-z.]+)` \\|")]
    private static partial Regex Row();
}
