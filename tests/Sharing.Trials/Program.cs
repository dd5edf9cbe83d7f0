using System.Globalization;
using System.Reflection;
using Sharing.Trials;

var trials = Assembly.GetExecutingAssembly().GetTypes()
    .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ITrial)))
    .Select(type => (ITrial)Activator.CreateInstance(type)!)
    .ToDictionary(trial => trial.Name, StringComparer.Ordinal);
if (args is not [var name, .. var rest] || !trials.TryGetValue(name, out var trial) || rest.Length % 2 != 0)
{
    Console.Error.WriteLine($"Sharing.Trials NAME [--count N] [--seed S] [--out FILE]; NAME: {string.Join(", ", trials.Keys.Order(StringComparer.Ordinal))}");
    return 2;
}

var options = rest.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
var count = options.TryGetValue("--count", out var n) ? int.Parse(n, CultureInfo.InvariantCulture) : trial.Count;
var seed = options.TryGetValue("--seed", out var s) ? int.Parse(s, CultureInfo.InvariantCulture) : 1;
var file = options.GetValueOrDefault("--out", Path.Combine("trials", "results", name + ".jsonl"));
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
try
{
    return await new TrialRunner(trial, count, seed, file, Console.Out).RunAsync(stop.Token);
}
finally
{
    await ((trial as IAsyncDisposable)?.DisposeAsync() ?? default);
}
