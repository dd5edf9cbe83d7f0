using System.CommandLine;
using System.Reflection;
using Sharing.Benchmarks;

var comparisons = Assembly.GetExecutingAssembly().GetTypes()
    .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(Comparison)))
    .Select(type => (Comparison)Activator.CreateInstance(type)!)
    .ToDictionary(comparison => comparison.Name, StringComparer.Ordinal);
if (args is ["work", .. var work])
{
    SQLitePCL.Batteries_V2.Init();
    await Work.RunAsync(work);
    return 0;
}

if (args is ["inner"])
{
    Directory.CreateDirectory(Path.Combine("benchmarks", "results"));
    await File.WriteAllTextAsync(Path.Combine("benchmarks", "results", "inner.md"), InnerLoops.Run() + "\n");
    return 0;
}

var names = new Argument<string[]>("name") { Description = $"What to measure: {string.Join(", ", comparisons.Keys.Order(StringComparer.Ordinal))}. All if none is named.", Arity = ArgumentArity.ZeroOrMore };
names.AcceptOnlyFromAmong([.. comparisons.Keys]);
var runs = new Option<int>("--runs") { Description = "How many rounds; each side is first run once, unmeasured.", DefaultValueFactory = _ => 5 };
var quick = new Option<bool>("--quick") { Description = "Smaller inputs: all within four minutes. Nothing is written down." };
var results = new Option<string>("--results") { Description = "Where results are written down.", DefaultValueFactory = _ => Path.Combine("benchmarks", "results") };
var command = new RootCommand("The same work done by Sharing and by tools that people know. Ends, for each, with NAME ratio=… target=…; above 1 Sharing is better. \"inner\" alone: the inner loops, in nanoseconds.") { names, runs, quick, results };
command.SetAction(async (parsed, cancellationToken) =>
{
    foreach (var name in parsed.GetValue(names) is { Length: > 0 } some ? some : [.. comparisons.Keys.Order(StringComparer.Ordinal)])
    {
        var report = await Measuring.RunAsync(comparisons[name], parsed.GetValue(runs), parsed.GetValue(quick));
        Console.WriteLine(report);
        if (!parsed.GetValue(quick))
        {
            Directory.CreateDirectory(parsed.GetValue(results)!);
            await File.WriteAllTextAsync(Path.Combine(parsed.GetValue(results)!, name + ".txt"), report + "\n", cancellationToken);
        }
    }
});
return await command.Parse(args).InvokeAsync();
