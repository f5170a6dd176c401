namespace FixupNet.Training.Data;

/// <summary>Names of the classes of the file datasets, by index, as their publishers list them.</summary>
internal static class ClassNames
{
    /// <summary>batches.meta.txt of CIFAR-10.</summary>
    public static IReadOnlyList<string> Cifar10 { get; } =
        Split("airplane automobile bird cat deer dog frog horse ship truck");

    /// <summary>fine_label_names.txt of CIFAR-100.</summary>
    public static IReadOnlyList<string> Cifar100 { get; } = Split(
        """
        apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly camel can castle caterpillar cattle
        chair chimpanzee clock cloud cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish forest fox girl hamster house
        kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange
        orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray road rocket rose sea seal
        shark shrew skunk skyscraper snail snake spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger
        tractor train trout tulip turtle wardrobe whale willow_tree wolf woman worm
        """);

    /// <summary>The digits.</summary>
    public static IReadOnlyList<string> Mnist { get; } = Split("0 1 2 3 4 5 6 7 8 9");

    /// <summary>The table in the README of zalandoresearch/fashion-mnist.</summary>
    public static IReadOnlyList<string> FashionMnist { get; } =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    private static string[] Split(string names) => names.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
