using Microsoft.Extensions.DependencyInjection;
using OwnCostModel;
using Sharing.Core;
using Sharing.Testing;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.Routes;

[Trait("Row", "D5")]
public sealed class EveningTariffTests : ChunkSourceSelectorSuite
{
    protected override IChunkSourceSelector Create() => At(20);

    [Fact]
    public void In_the_evening_the_server_is_three_times_as_dear()
    {
        SourceQuote[] quotes = [Quote(SourceKind.Server, rate: 2e6, price: 1e-6), Quote(SourceKind.Peer, rate: 0.6e6)];
        Assert.Equal(0, At(12).Select(Chunk, quotes));
        Assert.Equal(1, At(20).Select(Chunk, quotes));
    }

    [Fact]
    public void It_is_taken_in_by_one_line()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock(20));
        services.AddSharing(sharing => sharing.UseSelector<EveningTariff>());
        using var provider = services.BuildServiceProvider();
        Assert.IsType<EveningTariff>(provider.GetRequiredService<IChunkSourceSelector>());
    }

    [Fact]
    public void The_page_about_a_cost_model_of_ones_own_has_exactly_this_code_and_it_is_short()
    {
        var code = File.ReadAllText(Path.Combine(Laws.Repository.Root, "tests/Sharing.Tests/Routes/EveningTariff.cs")).ReplaceLineEndings("\n").Trim();
        var page = File.ReadAllText(Path.Combine(Laws.Repository.Root, "docs/own-cost-model.md")).ReplaceLineEndings("\n");
        Assert.Contains("```csharp\n" + code + "\n```", page, StringComparison.Ordinal);
        Assert.True(code.Split('\n').Length < 60);
    }

    [Fact]
    public async Task The_page_shows_how_to_read_the_map()
    {
        var bytes = Samples.Random(5, 300_000);
        var library = new ScriptedLibrary(bytes);
        library.Land();
        await using var transfer = await new TransferBench().StartAsync(library);
        await transfer.Completion.WaitAsync(TransferBench.Patience);

        var view = await transfer.ViewAsync();
        foreach (var (state, source) in view.Chunks)
        {
            Console.Write(state == ChunkState.Here && source >= 0 ? (char)('A' + source) : '.');
        }

        Console.WriteLine((await transfer.ExplainAsync(17))?.Text);

        Assert.Equal([0, 0, 0], view.Chunks.Select(chunk => (int)chunk.Source));
        var page = File.ReadAllText(Path.Combine(Laws.Repository.Root, "docs/own-cost-model.md")).ReplaceLineEndings("\n");
        var code = File.ReadAllText(Path.Combine(Laws.Repository.Root, "tests/Sharing.Tests/Routes/EveningTariffTests.cs")).ReplaceLineEndings("\n").Replace("\n        ", "\n", StringComparison.Ordinal);
        var shown = page.Split("```csharp\n")[2].Split("```")[0];
        Assert.Contains(shown, code, StringComparison.Ordinal);
    }

    internal static EveningTariff At(int hour) => new(Clock(hour));

    static FakeTimeProvider Clock(int hour) => new(new DateTimeOffset(2030, 1, 1, hour, 0, 0, TimeSpan.Zero));
}

[Trait("Row", "D5")]
public sealed class EveningTariffCostTests : ExplainingSelectorSuite
{
    protected override IExplainingSelector Create() => EveningTariffTests.At(20);
}
