using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text;
using Xunit.v3;

namespace Sharing.Testing;

/// <summary>Says which suites of this package an assembly of tests runs on what, and where its implementations deviate: which tests they replaced, and which optional companions of the seams they do without.</summary>
[RequiresUnreferencedCode("It looks at all classes of an assembly.")]
public static class Conformance
{
    static readonly Type[] s_companions =
    [
        typeof(IRecordWatch), typeof(IRecordHeads), typeof(IRecordErasure), typeof(IRecordCheck),
        typeof(IPartialListing), typeof(IFencedDeletion), typeof(IContentFiles), typeof(IContentAddresses), typeof(IContentQuarantine),
    ];

    /// <summary>A table in Markdown: each suite, the classes that run it, how many tests it has, and what they do otherwise.</summary>
    /// <param name="tests">The assembly of the tests.</param>
    public static string Suites(Assembly tests)
    {
        var text = new StringBuilder("| suite | tests | run by | deviations |\n|---|---|---|---|\n");
        foreach (var suite in typeof(Conformance).Assembly.GetTypes().Where(static type => type is { IsAbstract: true, IsSealed: false } && FactsOf(type).Any()).OrderBy(static type => type.Name, StringComparer.Ordinal))
        {
            var classes = tests.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsSubclassOf(suite)).OrderBy(static type => type.Name, StringComparer.Ordinal).ToArray();
            if (classes.Length > 0)
            {
                var deviations = classes.SelectMany(one => Replaced(one, suite).Select(fact => $"{one.Name}: {fact.Replace('_', ' ')}")).ToArray();
                text.Append(CultureInfo.InvariantCulture, $"| {suite.Name} | {FactsOf(suite).Count()} | {string.Join(", ", classes.Select(static one => one.Name))} | {(deviations.Length == 0 ? "none" : string.Join("; ", deviations))} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>A table in Markdown: each store, and the companions of its seam that it does without.</summary>
    /// <param name="stores">Implementations of <see cref="IRecordStore"/> or <see cref="IContentStore"/>.</param>
    /// <exception cref="ArgumentException">One is neither.</exception>
    public static string Companions(params ReadOnlySpan<Type> stores)
    {
        var text = new StringBuilder("| store | has | does without |\n|---|---|---|\n");
        foreach (var store in stores)
        {
            var seam = typeof(IRecordStore).IsAssignableFrom(store) ? "IRecord" : typeof(IContentStore).IsAssignableFrom(store) ? "" : throw new ArgumentException($"{store} is no store.", nameof(stores));
            var offered = s_companions.Where(companion => companion.Name.StartsWith("IRecord", StringComparison.Ordinal) == (seam.Length > 0)).ToLookup(companion => companion.IsAssignableFrom(store), static companion => companion.Name);
            static string List(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "nothing";
            text.Append(CultureInfo.InvariantCulture, $"| {store.Name} | {List(offered[true])} | {List(offered[false])} |\n");
        }

        return text.ToString();
    }

    static IEnumerable<MethodInfo> FactsOf(Type suite) => suite.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(static method => method.GetCustomAttributes().OfType<IFactAttribute>().Any());

    static IEnumerable<string> Replaced(Type one, Type suite) => FactsOf(suite).Where(static fact => fact.IsVirtual)
        .Where(fact => one.GetMethod(fact.Name, [.. fact.GetParameters().Select(static parameter => parameter.ParameterType)])!.DeclaringType!.Assembly != suite.Assembly).Select(static fact => fact.Name);
}
