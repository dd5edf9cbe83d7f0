using System.Reflection;

namespace Sharing.Tests.Laws;

/// <summary>A conformance suite that nothing derives was never run: nobody knows whether it can be passed.</summary>
public sealed class SuiteLaws
{
    [Fact]
    public void Every_conformance_suite_is_passed_by_something_here()
    {
        var suites = typeof(Testing.RecordStoreSuite).Assembly.GetExportedTypes().Where(t => t is { IsClass: true, IsAbstract: true, IsSealed: false }).ToList();
        var passed = Assembly.GetExecutingAssembly().GetExportedTypes().Where(t => t is { IsClass: true, IsAbstract: false }).ToList();
        Assert.Contains(typeof(Testing.ContentStoreSuite), suites);
        Assert.Empty(suites.Where(suite => !passed.Exists(suite.IsAssignableFrom)).Select(suite => suite.Name));
    }

    [Fact]
    public void Every_conformance_suite_holds_tests_of_its_own()
    {
        var empty =
            from suite in typeof(Testing.RecordStoreSuite).Assembly.GetExportedTypes()
            where suite is { IsClass: true, IsAbstract: true, IsSealed: false }
            where !suite.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Any(method => method.GetCustomAttributes().OfType<Xunit.v3.IFactAttribute>().Any())
            select suite.Name;
        Assert.Empty(empty);
    }
}
