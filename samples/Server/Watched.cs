using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Sharing.Server;

/// <summary>Sends metrics and traces to an OpenTelemetry collector, as long as the host runs.</summary>
/// <param name="collector">Where it takes them, by OTLP over HTTP.</param>
sealed class Watched(Uri collector) : IHostedService
{
    MeterProvider? _meters;
    TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("sharing-server");
        _meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter("Sharing", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql").AddOtlpExporter(options => To(options, "v1/metrics")).Build();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
            .AddSource("Sharing", "Microsoft.AspNetCore", "System.Net.Http", "Npgsql").AddOtlpExporter(options => To(options, "v1/traces")).Build();
        return Task.CompletedTask;
    }

    /// <summary>Sends what was not sent yet.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _meters?.Dispose();
        _traces?.Dispose();
        return Task.CompletedTask;
    }

    void To(OtlpExporterOptions options, string path) => (options.Protocol, options.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new(collector, path));
}
